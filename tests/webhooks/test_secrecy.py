"""The secret in the address that Offorte posts to is nowhere in the database."""

import json
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection as database
from django_q.models import OrmQ

from offorte_portal.api.codes import Code
from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from offorte_portal.text.reason import Reason
from offorte_portal.webhooks import address, registration, replaying, secrecy
from offorte_portal.webhooks.models import Webhook, WebhookEndpoint, WebhookEvent
from offorte_portal.writes import asking, performing, settling
from offorte_portal.writes.models import Operation
from tests.support.factories import AS_OF, make_staff
from tests.webhooks.posting import drain, now, post

pytestmark = pytest.mark.django_db(transaction=True)

THEIRS = "https://hooks.example/catch/Kd83hsP0/?key=q9w8e7r6t5"
SECRETS = ("Kd83hsP0", "q9w8e7r6t5")


@pytest.fixture
def connection(simulator: Simulator, connect: Callable[..., Connection]) -> Connection:
    return connect()


def dump() -> str:
    """Every value of every column of every table, tasks unpacked."""
    texts = []
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")
            for row in cursor.fetchall():
                values = (bytes(value) if isinstance(value, memoryview) else value for value in row)
                texts += [
                    value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in values
                ]
    return "\n".join(texts)


def check(connection: Connection) -> WebhookEndpoint:
    return registration.check(connection, lane=Lane.PERSON)


def read_all(connection: Connection) -> None:
    run = sync_run.request(connection, trigger=SyncRun.Trigger.COMMAND, is_queued=False)
    assert work.sync_now(run).state == SyncRun.State.DONE


def write(connection: Connection, verb: str, remote_id: int | None = None, **draft: Any) -> Operation:
    operation = asking.request(
        connection=connection, verb=verb, target="webhooks", draft=draft, by=make_staff(), remote_id=remote_id
    )
    return performing.perform(operation)


def test_no_secret_is_anywhere_whatever_was_done(connection: Connection, simulator: Simulator) -> None:
    tokens = {check(connection).token}
    read_all(connection)
    address.rotate(WebhookEndpoint.objects.get())
    endpoint = check(connection)
    tokens.add(endpoint.token)
    made = write(connection, "create", payload_url=THEIRS, events=["all"])
    assert made.state == "done"
    assert write(connection, "change", made.remote_id, payload_url=f"{THEIRS}&more={SECRETS[0]}x").state == "done"
    # What a person may type all the same, and what Offorte may quote of it.
    ours = address.full_url(endpoint)
    simulator.faults.add(Fault("status", method="PATCH", status=422, times=1))
    assert write(connection, "change", endpoint.remote_id, payload_url=ours).state == "rejected"
    simulator.faults.add(Fault("unavailable_503_html", method="PATCH", times=9))
    assert write(connection, "change", endpoint.remote_id, payload_url=ours).state == "waiting"
    event = post(connection, "company_updated", {"id": 1, "name": "A"}, now())
    drain(connection)
    replaying.replay([event])
    drain(connection)
    read_all(connection)
    held = dump()
    assert "hooks.example" in held
    assert not [secret for secret in {*tokens, *SECRETS} if secret in held]
    for task in OrmQ.objects.all():
        assert not any(secret in str(task.task) for secret in {*tokens, *SECRETS})
    assert THEIRS + f"&more={SECRETS[0]}x" in {
        webhook["payload_url"] for webhook in simulator.account("bouw").webhooks.values()
    }


def test_a_lost_answer_is_found_by_its_concealed_address(connection: Connection, simulator: Simulator) -> None:
    simulator.account("bouw").create_webhook(THEIRS.replace("Kd83hsP0", "another1"))
    read_all(connection)
    simulator.faults.add(Fault("drop_after", method="POST", times=1))
    operation = write(connection, "create", payload_url=THEIRS, events=["all"])
    assert operation.state == "unknown"
    Operation.objects.update(retry_at=None)
    assert settling.settle(operation).state == "done"
    (webhook,) = [one for one in simulator.account("bouw").webhooks.values() if one["payload_url"] == THEIRS]
    assert operation.remote_id == webhook["id"]


def spoil(connection: Connection) -> WebhookEndpoint:
    """Rows as an earlier version left them."""
    endpoint = check(connection)
    url = address.full_url(endpoint)
    raw = {"id": endpoint.remote_id, "payload_url": url}
    Webhook.objects.update(payload_url=url, payload=raw)
    draft = {"payload_url": url, "events": ["all"]}
    for state in ("done", "waiting"):
        Operation.objects.create(
            connection=connection, verb="change", target="webhooks", remote_id=endpoint.remote_id, label=url,
            draft=draft, before=draft, expected=draft, conflicts=draft, answer=raw, state=state,
        )  # fmt: skip
    return endpoint


def prune() -> str:
    output = StringIO()
    call_command("prune", stdout=output)
    return output.getvalue()


def read_in_another_process(name: str) -> bytes:
    """The bytes of SQLite's file; who opens and closes it in this process releases the locks of its connections."""
    command = [
        sys.executable,
        "-c",
        "import pathlib, sys; sys.stdout.buffer.write(pathlib.Path(sys.argv[1]).read_bytes())",
    ]
    return subprocess.run([*command, name], capture_output=True, check=True).stdout


def test_prune_conceals_what_an_earlier_version_stored(connection: Connection, simulator: Simulator) -> None:
    endpoint = spoil(connection)
    assert endpoint.token in dump()
    assert "webhooks_webhook.payload_url" in secrecy.search().found
    output = prune()
    assert "Concealed webhook secrets in 3 rows" in output
    assert "none found in plain text" in output
    assert endpoint.token not in dump()
    if database.vendor == "sqlite":
        assert endpoint.token.encode() not in read_in_another_process(database.settings_dict["NAME"])
    assert registration.is_current(endpoint)
    waiting = performing.perform(Operation.objects.get(state="waiting"))
    assert waiting.state == "done"
    webhook = simulator.account("bouw").webhooks[endpoint.remote_id or 0]
    assert webhook["payload_url"] == address.full_url(endpoint)
    assert "in 0 rows" in prune()


@pytest.mark.parametrize("is_rotated", [False, True])
def test_prune_fails_where_a_secret_is_left(connection: Connection, *, is_rotated: bool) -> None:
    endpoint = check(connection)
    url = address.full_url(endpoint)
    WebhookEvent.objects.create(
        connection=connection, body=json.dumps({"url": url}).encode(), digest="1", received_at=AS_OF
    )
    if is_rotated:
        address.rotate(endpoint)
    with pytest.raises(CommandError, match=r"webhooks_webhookevent\.body") as error:
        prune_all_days()
    assert endpoint.token not in str(error.value)


def prune_all_days() -> None:
    call_command("prune", days=36_500, stdout=StringIO())


def test_rotated_keys_fit_what_was_not_sent_yet(connection: Connection, simulator: Simulator, settings: Any) -> None:
    simulator.faults.add(Fault("unavailable_503_html", method="POST", times=9))
    operation = write(connection, "create", payload_url=THEIRS, events=["all"])
    new = Fernet.generate_key().decode()
    settings.PORTAL_ENCRYPTION_KEYS = [new, *settings.PORTAL_ENCRYPTION_KEYS]
    call_command("rotate_keys", stdout=StringIO())
    settings.PORTAL_ENCRYPTION_KEYS = [new]
    simulator.faults.clear()
    Operation.objects.update(retry_at=None)
    assert performing.perform(operation).state == "done"


@pytest.mark.parametrize("is_rotated", [False, True])
@pytest.mark.parametrize(
    "spell",
    [
        lambda url: url.partition("://")[2],
        lambda url: url.partition(":")[2],
        lambda url: quote(url, safe=""),
        lambda url: url.replace("/", "\\/"),
        lambda url: url.replace("/", "&#x2F;"),
    ],
    ids=["no scheme", "slashes only", "percent", "escaped", "entities"],
)
def test_prune_finds_and_conceals_every_spelling(
    connection: Connection, spell: Callable[[str], str], *, is_rotated: bool
) -> None:
    endpoint = check(connection)
    written = spell(address.full_url(endpoint))
    operation = write(
        connection, "create", payload_url=THEIRS, payload_content_type="json", active=True, events=["all"]
    )
    texts = {
        "reason": Reason(Code.REJECTED_BECAUSE, {"detail": f"{written} is taken"}),
        "field_errors": {written: [written]},
        "answer": {"url": written},
    }
    Operation.objects.filter(pk=operation.pk).update(**texts)
    WebhookEndpoint.objects.update(reason=Reason(Code.REJECTED_BECAUSE, {"detail": f"{written} is refused"}))
    if is_rotated:
        address.rotate(endpoint)
    where = set(secrecy.search().found)
    assert {f"writes_operation.{name}" for name in texts} <= where
    assert "webhooks_webhookendpoint.reason" in where
    assert "none found in plain text" in prune()
    assert endpoint.token not in dump()
    operation.refresh_from_db()
    assert put_into_words(operation.reason).endswith(" is taken")
