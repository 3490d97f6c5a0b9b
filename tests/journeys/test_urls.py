"""Every address there is: looking changes nothing, bad input breaks nothing, and strangers see only the door."""

import hashlib
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection as database
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.regex_helper import normalize
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.files.models import Export, Upload
from offorte_portal.jobs import planning, registry, starting
from offorte_portal.jobs.models import Job
from offorte_portal.simulator import Simulator
from offorte_portal.sync.models import SyncRun
from offorte_portal.webhooks.models import Webhook
from offorte_portal.writes import asking
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.files.imports.files import as_csv
from tests.files.imports.storing import examine, store
from tests.support.factories import AS_OF, make_staff
from tests.support.length import usual_or_long
from tests.support.mirrored import mirror_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]

# What visits may write: who is there, allauth's copy of one's own address, what was counted, requests that are left.
OWN_TABLES = {
    "django_session",
    "account_emailaddress",
    "portal_cache",
    "connections_requestbudget",
    "runs_pulse",
}
ANSWERS = {200, 301, 302, 401, 403, 404, 405}
HEALTH = {"/healthz", "/readyz"}
# Signing in, and what allauth says to whom it has nothing to say.
DOOR = {f"/accounts/{path}/" for path in (
    "login", "inactive", "password/reset", "password/reset/done", "password/reset/key/1-abc", "password/reset/key/done",
)}  # fmt: skip
# Where somebody without the second factor that is required sets one up.
SETTING_UP = {"/accounts/2fa/", "/accounts/password/change/", "/accounts/logout/", "/accounts/reauthenticate/"}
HUGE = "9" * 40
# Of a wrong type, out of range, too long, or meant for a database.
BAD_VALUES = [
    "\0", "' OR 1=1 --", "%_", "x" * 5_000, HUGE, "-1", "nan", "2026-02-31", "0001-01-01", "9999-12-31", "🙂", ",,,",
]  # fmt: skip
BAD_QUERIES = [
    *({"q": value} for value in BAD_VALUES[:4]),
    *({"o": value} for value in ("\0", "abc", HUGE, "999", "1.-1.99.x")),
    *({"p": value} for value in ("\0", "abc", HUGE, "-1", "999")),
    {"_popup": "1", "_to_field": "payload"},
    {"e": "1", "all": "", "page": "abc", "_facets": "True"},
    {"connection__access_token__startswith": "a"},
    {"nothing__like__this": "1"},
    {"pk__in": "a,b"},
]
# Of the bad queries each list gets so much less, and the next one others.
EVERY = usual_or_long(20, 1)


@pytest.fixture
def filled(simulator: Simulator, connect: Callable[..., Connection]) -> None:
    """A mirrored account with at least one row of everything."""
    connection = connect()
    mirror_account(connection, simulator, trigger=SyncRun.Trigger.CONNECT)
    Webhook.objects.create(connection=connection, remote_id=1, as_of=AS_OF)
    Proposal.objects.filter(pk=Proposal.objects.values("pk").order_by("pk")[:1]).update(details_as_of=None)
    ask_for_writes(connection)
    User.objects.create_user("pieter")


def ask_for_writes(connection: Connection) -> None:
    """A job of somebody's with a write that waits, and one of which nobody knows what became of it."""
    somebody = make_staff("somebody")
    proposal = Proposal.objects.filter(status="open").order_by("pk")[0]
    job = starting.start(
        registry.find("proposals.mark_won"), selection=[proposal.pk], options={}, by=somebody, key=uuid.uuid4()
    )
    planning.plan(job.pk)
    asking.request(
        connection=connection, verb=Operation.Verb.CREATE, target="companies", draft={"name": "Weg"}, by=somebody
    )
    Operation.objects.filter(target="companies").update(state=Operation.State.UNKNOWN)
    examine(store(as_csv([["Naam"], ["Nieuw"]]), "klanten.csv", kind="companies", connection=connection, by=somebody))


@pytest.fixture
def visitors(filled: None) -> dict[str, Client]:
    """A member of staff who may do nothing, a viewer, and somebody who may do everything."""
    viewer = make_staff("viewer", is_superuser=False)
    viewer.groups.add(Group.objects.get(name="Viewer"))
    users = {
        "nobody": make_staff("nobody", is_superuser=False),
        "viewer": viewer,
        "everybody": make_staff("everybody"),
    }
    return {name: sign_in(user) for name, user in users.items()}


def sign_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def find_routes(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, list[str]]]:
    """Every address as a template, with the names of what it takes."""
    for pattern in resolver.url_patterns:
        template, names = normalize(pattern.pattern.regex.pattern.removeprefix("^"))[0]
        if isinstance(pattern, URLPattern):
            yield prefix + template, names
        else:
            yield from ((route, [*names, *more]) for route, more in find_routes(pattern, prefix + template))


def fill_route(template: str, names: list[str]) -> str:
    """The address of a row that exists, where the address is of a row."""
    return template % {name: find_value(template, name) for name in names}


def find_value(template: str, name: str) -> object:
    fixed = {
        "account": "bouw",
        "app_label": "proposals",
        "url": "nothing/here",
        "uidb36": "1",
        "key": "abc",
        "name": "proposals.mark_won",
        "kind": "companies",
    }
    if name in fixed:
        return fixed[name]
    models: dict[str, type[Model]] = {"/sync/proposals/": Proposal, "/sync/accounts/": Connection, "/sync/": SyncRun}
    models |= {"/jobs/": Job, "/writes/": Operation, "/exports/": Export, "/imports/": Upload}
    models |= {f"/{model._meta.app_label}/{model._meta.model_name}/": model for model in registered()}
    model = next((model for start, model in models.items() if template.startswith(start)), Proposal)
    row = model._default_manager.first()
    return row.pk if row else 1


def registered() -> list[type[Model]]:
    return list(admin.site._registry)


def find_urls() -> list[str]:
    return sorted({fill_route(*route) for route in find_routes(get_resolver())})


def read_tables() -> dict[str, str]:
    """A hash of all that each table holds."""
    digests = {}
    with database.cursor() as cursor:
        for table in sorted(set(database.introspection.table_names(cursor)) - OWN_TABLES):
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")
            rows = "\n".join(sorted(map(repr, cursor.fetchall())))
            digests[table] = hashlib.sha256(rows.encode()).hexdigest()
    return digests


@pytest.mark.parametrize("who", ["nobody", "viewer", "everybody"])
def test_looking_at_anything_changes_nothing(visitors: dict[str, Client], simulator: Simulator, who: str) -> None:
    urls = set(find_urls()) - HEALTH
    assert len(urls) > 100
    if who == "everybody":
        # Where a handshake ends: why it failed is kept, for whoever may connect.
        urls.remove(reverse("offorte_callback", args=["bouw"]))
    simulator.log.clear()
    before = read_tables()
    statuses = {url: visitors[who].get(url).status_code for url in sorted(urls)}
    assert {url: status for url, status in statuses.items() if status not in ANSWERS} == {}
    assert statuses["/"] == visitors[who].get("/").status_code == 200, "still signed in"
    after = read_tables()
    assert {table for table in before if before[table] != after[table]} == set()
    assert simulator.requests == []


# What anybody may do: sign in and out, choose a language and an account to look at, mind one's own sign-in and badge;
# and, who may see a proposal, have it read.
OPEN_TO_POST = (
    "/accounts/", "/i18n/setlang/", "/account/", "/background/seen/", "/login/", "/logout/", "/sync/proposals/",
)  # fmt: skip
# Steps on a person's own call list, which keeps them for that person alone.
OWN_CALLS = re.compile(r"/home/calls/\d+/(?:done|snooze|undo)/")


@pytest.mark.parametrize("who", ["nobody", "viewer"])
def test_posts_by_hand_change_nothing(visitors: dict[str, Client], simulator: Simulator, who: str) -> None:
    urls = [url for url in find_urls() if not (url.startswith(OPEN_TO_POST) or OWN_CALLS.fullmatch(url))]
    assert {reverse("job_cancel", args=[Job.objects.get().pk]), reverse("job_new", args=["proposals.mark_won"])} <= {
        *urls
    }
    chosen = {"_selected_action": str(Proposal.objects.values_list("pk", flat=True).order_by("pk")[0])}
    forms: list[dict[str, str]] = [
        {"bulk": "proposals.mark_won", "select_across": "1", "confirm": "1", "key": str(uuid.uuid4()), "seen": "x"},
        {"action": "delete_selected", "index": "0", "post": "yes", "verdict": "absent", "name": "Weg"},
    ]
    simulator.log.clear()
    before = read_tables()
    statuses = {
        (url, n): visitors[who].post(url, chosen | form).status_code for url in urls for n, form in enumerate(forms)
    }
    assert {url: status for url, status in statuses.items() if status not in {400, *ANSWERS}} == {}
    after = read_tables()
    assert {table for table in before if before[table] != after[table]} == set()
    assert [request for request in simulator.requests if request.method != "GET"] == []


def test_what_a_visitor_may_see_follows_from_permissions(visitors: dict[str, Client]) -> None:
    lists = [reverse(admin_url(model)) for model in registered()]
    seen = {who: {url for url in lists if client.get(url).status_code == 200} for who, client in visitors.items()}
    assert seen["nobody"] == set()
    assert seen["viewer"] == {url for url in lists if url.startswith(("/contacts/", "/catalog/", "/proposals/"))} | {
        "/sync/syncrun/",
        "/other_systems/importedquote/",
        "/other_systems/partymatch/",
        "/files/export/",
    }
    assert seen["everybody"] == set(lists)


def admin_url(model: type[Model]) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"


@pytest.mark.long
def test_lists_survive_bad_parameters(visitors: dict[str, Client]) -> None:
    client = visitors["everybody"]
    statuses = {}
    for number, url in enumerate(reverse(admin_url(model)) for model in registered()):
        queries = [*BAD_QUERIES, *bad_filters(client.get(url))]
        for query in queries[number % EVERY :: EVERY]:
            address = f"{url}?{urlencode(query)}"
            statuses[address[:200]] = client.get(address, follow=True).status_code
    assert {address: status for address, status in statuses.items() if status not in {200, 400}} == {}


def bad_filters(response: Any) -> Iterator[dict[str, str]]:
    """All of the list's own filters at once with what none of them can mean."""
    controls = (response.context_data or {}).get("filter_menu", [])
    names = [f"{control.name}{suffix}" for control in controls for suffix in ("", "_min", "_max", "_from", "_to")]
    yield from (dict.fromkeys(names, value) for value in BAD_VALUES if names)


def test_the_page_of_no_row_is_no_error(visitors: dict[str, Client]) -> None:
    # django-q2's own pages are for superusers, and PostgreSQL refuses to look for a NUL in their keys, which are texts.
    ours = [model for model in registered() if model._meta.app_label != "django_q"]
    bases = [reverse(admin_url(model)) for model in ours]
    urls = [f"{base}{key}/change/" for base in bases for key in ("0", "-1", "abc", HUGE, "%00", "1.5", "_5F")]
    statuses = {url: visitors["everybody"].get(url).status_code for url in urls}
    assert {url: status for url, status in statuses.items() if status not in {302, 404}} == {}


def test_a_number_that_no_row_has_is_no_error(visitors: dict[str, Client]) -> None:
    routes = [(template, names) for template, names in find_routes(get_resolver()) if "pk" in names]
    urls = {template % (dict.fromkeys(names, "bouw") | {"pk": HUGE}) for template, names in routes}
    assert len(urls) > 30
    client = visitors["everybody"]
    statuses = {(url, method): getattr(client, method)(url).status_code for url in urls for method in ("get", "post")}
    assert {asked: status for asked, status in statuses.items() if status not in {302, 400, 403, 404, 405}} == {}


@pytest.mark.usefixtures("filled")
def test_strangers_get_only_to_the_door() -> None:
    client = Client(raise_request_exception=False)
    answers = {url: client.get(url) for url in set(find_urls()) - HEALTH}
    assert {url for url, answer in answers.items() if answer.status_code == 200} == DOOR
    leading = {url: answer["Location"] for url, answer in answers.items() if answer.status_code == 302}
    elsewhere = {url: to for url, to in leading.items() if not to.startswith(("/accounts/login/", "/login/"))}
    assert elsewhere == {"/logout/": "/", "/offorte/bouw/callback/": "/offorte/bouw/login/"}
    assert {answer.status_code for answer in answers.values()} <= ANSWERS


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("kind", ["without a second factor", "not staff"])
def test_whoever_is_signed_in_but_may_not_enter_sees_nothing(settings: Settings, kind: str) -> None:
    settings.PORTAL_REQUIRE_MFA = kind == "without a second factor"
    client = sign_in(make_staff("sanne", is_staff=settings.PORTAL_REQUIRE_MFA))
    for method in ("get", "post"):
        urls = set(find_urls()) - HEALTH - DOOR - {"/accounts/logout/"}
        answers = {url: getattr(client, method)(url) for url in urls}
        seen = {url for url, answer in answers.items() if answer.status_code == 200}
        assert seen <= SETTING_UP
        assert {answer.status_code for answer in answers.values()} <= ANSWERS


def test_health_is_told_to_strangers(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json()["worker"] == "failing"
