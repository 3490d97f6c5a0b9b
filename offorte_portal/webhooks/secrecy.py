"""Secrets of webhooks in the database: conceals those that earlier versions stored, and verifies that none is left.

Anybody who has a secret can post events as if they were Offorte. It is needed in clear only to give Offorte the
address.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connection as database
from django.views.decorators.debug import sensitive_variables

from offorte_portal.api.concealing import conceal, conceal_text, conceal_url, unfold
from offorte_portal.connections.encryption import can_decrypt
from offorte_portal.text.reason import Reason
from offorte_portal.text.spellings import spell_lines
from offorte_portal.webhooks.models import Webhook, WebhookEndpoint
from offorte_portal.writes import sealing
from offorte_portal.writes.models import Operation

TARGET = "webhooks"
_VALUES = ("before", "expected", "conflicts")
_BYTEA = 17
# A word in every address of a portal, however that is encoded; and the pattern of the secret in a decoded address.
_WORD = "webhooks"
_SECRET = re.compile(r"webhooks/+offorte/+([^/\s\"'<>?#&,;]+)", re.IGNORECASE)
# How many texts one scan looks for: SQLite takes no more than a thousand conditions.
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Search:
    """How many secrets were looked for in how many tables and columns, and the columns in which one was found."""

    secrets: int
    tables: int
    columns: int
    found: list[str]


def clean() -> int:
    """Conceal the secrets that were stored before they were kept out; return how many rows were changed.

    SQLite's file is compacted too, because a backup may copy its freed parts.
    """
    changed = sum(_clean_webhook(row) for row in Webhook.objects.iterator())
    changed += sum(_clean_operation(row) for row in Operation.objects.filter(target=TARGET).iterator())
    changed += sum(_update(row, {"reason": conceal_reason(row.reason)}) for row in WebhookEndpoint.objects.iterator())
    if changed and database.vendor == "sqlite" and not database.in_atomic_block:
        with database.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return changed


def conceal_reason(reason: Reason | None) -> Reason | None:
    """Return a reason with the addresses in its values concealed."""
    return reason and Reason.from_json(conceal(reason.to_json()))


def search() -> Search:
    """Look for the secret of every endpoint in every column of every table, with one scan a table for a few accounts.

    It is found however an address is encoded. Only the hash is known of a secret before a rotation: that one is found
    only in an address, and only in its original case.
    """
    tokens, hashes = _secrets()
    found: set[str] = set()
    tables, count = 0, 0
    with database.cursor() as cursor:
        for table in sorted(database.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)} LIMIT 0")  # noqa: S608
            columns = list(cursor.description)
            tables, count = tables + 1, count + len(columns)
            for row in _suspects(cursor, table, columns, tokens):
                found |= {f"{table}.{name}" for name, text in row.items() if _reveals(text, tokens, hashes)}
    return Search(len(hashes), tables, count, sorted(found))


def _clean_webhook(row: Webhook) -> bool:
    values = {
        "payload": conceal(row.payload),
        "payload_url": conceal_url(row.payload_url) if row.payload_url else "",
        "warnings": [concealed for reason in row.warnings if (concealed := conceal_reason(reason))],
    }
    return _update(row, values)


def _clean_operation(row: Operation) -> bool:
    values: dict[str, Any] = {name: sealing.conceal(TARGET, getattr(row, name)) for name in _VALUES}
    values |= {"draft": sealing.conceal(TARGET, row.draft), "answer": conceal(row.answer)}
    if values["draft"] != row.draft and row.is_pending:
        values["sealed"] = sealing.seal(TARGET, row.draft)[1]
    if row.state == Operation.State.DONE:
        values["sealed"] = ""
    values["label"] = conceal_text(row.label)
    values["search_text"] = spell_lines(values["label"])
    values["reason"] = conceal_reason(row.reason)
    values["field_errors"] = conceal(row.field_errors)
    return _update(row, values)


def _update(row: Webhook | Operation | WebhookEndpoint, values: dict[str, Any]) -> bool:
    news = {name: value for name, value in values.items() if getattr(row, name) != value}
    return bool(news) and bool(type(row)._default_manager.filter(pk=row.pk).update(**news))


@sensitive_variables()
def _secrets() -> tuple[set[str], set[str]]:
    """Return the secrets that a key can decrypt, and the hashes of all, including those before a rotation."""
    endpoints = list(WebhookEndpoint.objects.all())
    tokens = {endpoint.token for endpoint in endpoints if can_decrypt(endpoint, "token")}
    hashes = {endpoint.token_hash for endpoint in endpoints}
    return tokens, hashes | {endpoint.previous_hash for endpoint in endpoints if endpoint.previous_hash}


@sensitive_variables()
def _suspects(cursor: Any, table: str, columns: list[Any], tokens: set[str]) -> Iterator[dict[str, str]]:
    """Yield the rows, as text by column, that hold a secret or what may be a portal's address in any column."""
    texts = [_WORD, *sorted(token.lower() for token in tokens)]
    for start in range(0, len(texts), _AT_ONCE):
        needles = texts[start : start + _AT_ONCE]
        where = " OR ".join(_test_of(column) for column in columns for _ in needles)
        sql = f"SELECT * FROM {database.ops.quote_name(table)} WHERE {where}"  # noqa: S608
        cursor.execute(sql, needles * len(columns))
        for row in cursor:
            yield {column[0]: _as_text(value) for column, value in zip(columns, row, strict=True)}


def _test_of(column: Any) -> str:
    """Return SQL that tests whether a column holds a text, ignoring case."""
    name = database.ops.quote_name(column[0])
    if database.vendor == "sqlite":
        return f"instr(CAST(lower(CAST({name} AS TEXT)) AS BLOB), CAST(%s AS BLOB)) > 0"
    if column[1] == _BYTEA:
        return f"strpos(lower(encode({name}, 'escape')), %s) > 0"
    return f"strpos(lower(CAST({name} AS text)), %s) > 0"


def _as_text(value: object) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


@sensitive_variables()
def _reveals(text: str, tokens: set[str], hashes: set[str]) -> bool:
    texts = [text]
    with contextlib.suppress(ValueError):
        texts.append(unfold(text))
    if any(token.lower() in form.lower() for token in tokens for form in texts):
        return True
    pieces = {piece for form in texts for piece in _SECRET.findall(form)}
    return any(sha256(piece.encode("utf-8", "replace")).hexdigest() in hashes for piece in pieces)
