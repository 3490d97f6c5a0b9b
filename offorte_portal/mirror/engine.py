"""Applies Offorte's answers to the mirror: merge, never blank; older news never wins; unchanged rows aren't written."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db import connection as database
from django.db.backends.utils import CursorWrapper

from offorte_portal.changes.recording import Recording, What, recording
from offorte_portal.mirror import omissions
from offorte_portal.mirror.children import find, replace_children
from offorte_portal.mirror.columns import UnfitError
from offorte_portal.mirror.items import Applied, Item, ItemWarning, find_unidentified, identify, listed, remote_id_of
from offorte_portal.mirror.models.sorting import folded_fields
from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.mirror.resource import Json, Resource
from offorte_portal.mirror.search_parts import write_search_text
from offorte_portal.mirror.table import Prepared, Row, Table
from offorte_portal.text.reason import Reason


class Held(NamedTuple):
    """What the mirror holds of an object."""

    payload: Json
    as_of: datetime
    fingerprint: str
    warnings: list[Reason]
    watched: Row


class News(NamedTuple):
    """The account that an answer is about, its time, the result of applying it, and where changes are recorded.

    For a single object also the keys that it omitted or had no place for, and whether it is the whole answer of a GET,
    which should hold everything.
    """

    connection_id: int
    as_of: datetime
    applied: Applied
    record: Recording
    omitted: Collection[str] | None = None
    unsaid: Collection[str] = ()
    is_answer: bool = False


@cache
def table(resource: Resource) -> Table:
    """Return the resource's table, built once."""
    return Table(resource.model, ("connection_id", "remote_id"), resource.links, is_guarded=True)


def apply_list(
    connection_id: int, resource: Resource, raws: Collection[object], *, as_of: datetime, bucket: str = ""
) -> Applied:
    """Apply a page of the resource's list, requested at `as_of`. One short transaction; none if nothing changed."""
    applied = Applied()
    items = identify(resource, raws, bucket, applied.warnings)
    applied.items = len(items)
    applied.seen = {resource.name: [item.remote_id for item in items]}
    for nested in resource.nested:
        ids = (remote_id_of(raw) for item in items for raw in listed(item.raw.get(nested.key)))
        applied.seen[nested.resource.name] = [remote_id for remote_id in ids if remote_id is not None]
        if not all(isinstance(item.raw.get(nested.key), list) for item in items):
            applied.omitted.append(nested.resource.name)
            applied.warnings.append(ItemWarning(nested.resource.name, None, MirrorReason.OMITTED(key=nested.key)))
    with database.cursor() as cursor:
        changed = drop_unchanged(cursor, connection_id, resource, items)
    if changed:
        with recording(connection_id) as record, database.cursor() as cursor:
            write(cursor, News(connection_id, as_of, applied, record), resource, changed)
    return applied


def apply_object(
    connection_id: int,
    resource: Resource,
    remote_id: int,
    raw: Json,
    *,
    as_of: datetime,
    details_for: str | None = None,
) -> Applied:
    """Apply one object, from a GET or an event, with the children that it holds. One short transaction.

    `details_for` marks the whole answer of a GET: it is the fingerprint of the list item for which the details were
    requested, "" where that is unknown. If a documented key is missing in such an answer, or null, the mirror's value
    stays, a warning is added and the details stay due. Keys that are missing or null in an event leave the mirror's
    values as they are, without a warning.
    """
    applied = Applied(items=1)
    (item,) = identify(resource, [{**raw, "id": remote_id}], "", applied.warnings)
    with recording(connection_id) as record, database.cursor() as cursor:
        held = load(cursor, connection_id, resource, [item]).get(remote_id)
        if held and held.as_of > as_of:
            return applied
        known = held.payload if held else {}
        omitted = omissions.find(item.raw, known, resource.documented)
        unsaid = omissions.find_unsaid(item.raw, omitted, resource.documented)
        raw = omissions.fill(item.raw, known, omitted, resource.documented)
        item = item._replace(raw=raw)
        news = News(connection_id, as_of, applied, record, omitted, unsaid, details_for is not None)
        # The list item's fingerprint stays valid unless this contradicts the mirror. It doesn't cover the children.
        parts = {children.path[0] for children in resource.children}
        said = {key: value for key, value in item.raw.items() if key not in parts}
        keeps = held is not None and all(held.payload.get(key, value) == value for key, value in said.items())
        item = item._replace(fingerprint=held.fingerprint if held and keeps else "")
        details: Row = {"details_as_of": as_of} if resource.children else {}
        if details_for is not None and resource.documented:
            details |= judge_details(cursor, news, resource, item, details_for)
        write(cursor, news, resource, [item], details)
        ((parent_id,),) = table(resource).select(cursor, "id", connection_id, [remote_id])
        added: Json = {}
        faults = replace_children(cursor, parent_id, resource.children, item.raw, added=added)
        if added:
            record.note(resource.name, remote_id, What.CHANGED, now=added)
        if faults:
            row = resource.model._default_manager.get(pk=parent_id)
            resource.model._default_manager.filter(pk=parent_id).update(warnings=row.warnings + faults)
            applied.warnings += (ItemWarning(resource.name, remote_id, fault) for fault in faults)
    return applied


def judge_details(cursor: CursorWrapper, news: News, resource: Resource, item: Item, details_for: str) -> Row:
    """Return the columns that say whether details are due after this answer, and when to request them again."""
    remote_id, omitted = item.remote_id, news.omitted or ()
    has_vanished = omissions.judge(
        news.connection_id, resource.name, remote_id, omitted=omitted, unsaid=news.unsaid, as_of=news.as_of
    )
    if not resource.children:
        return {}
    if not omitted:
        whole = {"details_tries": 0, "details_retry_for": "", "details_retry_at": None}
        return whole | ({"details_fingerprint": details_for} if details_for else {})
    asked_for = details_for or item.fingerprint
    columns = "details_tries, details_retry_for"
    rows = table(resource).select(cursor, columns, news.connection_id, [remote_id])
    tries = next((tries for tries, tried_for in rows if tried_for == asked_for), 0)
    return omissions.plan(tries, news.as_of, has_vanished=has_vanished) | {
        "details_retry_for": asked_for,
        "details_fingerprint": "",
    }


def drop_unchanged(cursor: CursorWrapper, connection_id: int, resource: Resource, items: list[Item]) -> list[Item]:
    """Return the items that differ from what the mirror holds."""
    ids = [item.remote_id for item in items]
    columns = "remote_id, fingerprint, removed_at, is_hidden"
    rows = table(resource).select(cursor, columns, connection_id, ids)
    held = {remote_id: mark for remote_id, mark, removed_at, is_hidden in rows if removed_at is None and not is_hidden}
    return [item for item in items if held.get(item.remote_id) != item.fingerprint]


def write(cursor: CursorWrapper, news: News, resource: Resource, items: list[Item], extra: Row | None = None) -> None:
    """Merge the items into their rows, then the items nested in them, and link rows that refer to new ones."""
    held = load(cursor, news.connection_id, resource, items)
    current = [item for item in items if item.remote_id not in held or held[item.remote_id].as_of <= news.as_of]
    rows = [prepare(news, resource, item, held.get(item.remote_id), extra or {}) for item in current]
    written = table(resource).upsert(cursor, rows)
    new_ids = [item.remote_id for item in current if item.remote_id not in held]
    news.applied.new += len(new_ids)
    news.applied.changed += max(written - len(new_ids), 0)
    link(cursor, news.connection_id, resource, new_ids)
    for nested in resource.nested:
        inner = [
            each
            for item in current
            for each in identify(nested.resource, listed(item.raw.get(nested.key)), str(item.remote_id), [])
        ]
        changed = drop_unchanged(cursor, news.connection_id, nested.resource, inner)
        if changed:
            write(cursor, news._replace(omitted=None, unsaid=(), is_answer=False), nested.resource, changed)


def load(cursor: CursorWrapper, connection_id: int, resource: Resource, items: Iterable[Item]) -> dict[int, Held]:
    """Return what the mirror holds of the items, by Offorte id, with row locks where the database has them."""
    ids = [item.remote_id for item in items]
    rows = resource.model._default_manager.filter(connection_id=connection_id, remote_id__in=ids)
    if database.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    values = rows.values_list("remote_id", "payload", "as_of", "fingerprint", "warnings", *resource.watched)
    return {
        remote_id: Held(payload, as_of, fingerprint, warnings, dict(zip(resource.watched, watched, strict=True)))
        for remote_id, payload, as_of, fingerprint, warnings, *watched in values
    }


def prepare(news: News, resource: Resource, item: Item, held: Held | None, extra: Row) -> Prepared:
    """Return the item's row: the columns that it holds, and those that describe the state of the mirror."""
    reading = resource.payload.read(item.raw)
    row: Row = reading.values
    if item.bucket and row.get(resource.bucket) is None:
        row[resource.bucket] = int(item.bucket) if item.bucket.isdigit() else item.bucket
    unlisted = find_unlisted(news, resource, item)
    filled = omissions.fill(item.raw, held.payload if held else {}, unlisted, resource.documented)
    payload = {**held.payload, **filled} if held else filled
    if resource.settle:
        resource.settle(row, payload)
    omitted = find_omitted(news, resource, item, held, unlisted)
    found = reading.warnings + find_unidentified(resource.nested, item.raw) + (omitted if news.is_answer else [])
    kept = find_untold_faults(resource, item, held) + ([] if news.is_answer else omitted)
    row |= {
        "connection_id": news.connection_id,
        "remote_id": item.remote_id,
        "payload": payload,
        "as_of": news.as_of,
        "fingerprint": item.fingerprint,
        "removed_at": None,
        "is_hidden": False,
        "warnings": to_json(found + kept),
        **extra,
    }
    row |= {key.attname: key.derive(row[key.source]) for key in folded_fields(resource.model) if key.source in row}
    if resource.search:
        row["search_text"] = write_search_text(resource.search(payload))
    try:
        prepared = table(resource).prepare(row)
    except UnfitError:
        found = found + table(resource).drop_unfit(row)
        row["warnings"] = to_json(found + kept)
        prepared = table(resource).prepare(row)
    news.applied.warnings += (ItemWarning(resource.name, item.remote_id, warning) for warning in found)
    note_change(news.record, resource, item, held, row)
    return prepared


def note_change(record: Recording, resource: Resource, item: Item, held: Held | None, row: Row) -> None:
    """Record the item in the change feed, with the watched columns that differ."""
    known = held.watched if held else dict.fromkeys(resource.watched)
    differing = [name for name in resource.watched if name in row and row[name] != known[name]]
    was = {name: known[name] for name in differing if held}
    now = {name: row[name] for name in differing}
    record.note(resource.name, item.remote_id, What.CHANGED if held else What.NEW, was, now)


def find_omitted(news: News, resource: Resource, item: Item, held: Held | None, unlisted: list[str]) -> list[Reason]:
    """Return warnings of what the object's last whole answer omitted and nothing has supplied since."""
    if not resource.documented:
        return []
    if news.is_answer:
        return omissions.warn(news.omitted or ())
    known = omissions.read_warnings(held.warnings) if held else []
    if held is None or not known:
        return omissions.warn(unlisted)
    omitted = omissions.find(item.raw, held.payload, resource.documented) if news.omitted is None else news.omitted
    still = [key for key in known if omissions.is_within(key, omitted)]
    return omissions.warn(dict.fromkeys(unlisted + still))


def find_unlisted(news: News, resource: Resource, item: Item) -> list[str]:
    """Return the keys of nested lists that a list item does not hold."""
    nested = resource.nested if news.omitted is None else ()
    return [inner.key for inner in nested if not isinstance(item.raw.get(inner.key), list)]


def find_untold_faults(resource: Resource, item: Item, held: Held | None) -> list[Reason]:
    """Return the held warnings about parts that this item does not contain: they stay."""
    paths = [*(children.path for children in resource.children), *((nested.key,) for nested in resource.nested)]
    untold = tuple(".".join(path) + "[" for path in paths if find(item.raw, path) is None)
    warnings = held.warnings if held else []
    return [warning for warning in warnings if str(warning.values.get("field", "")).startswith(untold)]


def to_json(warnings: list[Reason]) -> list[Json]:
    """Return warnings as a row stores them."""
    return [warning.to_json() for warning in warnings]


def link(cursor: CursorWrapper, connection_id: int, resource: Resource, new_ids: list[int]) -> None:
    """Link rows that referred to these objects before they were known."""
    if not new_ids:
        return
    marks = ", ".join(["%s"] * len(new_ids))
    links = ((other, by) for other in RESOURCES.values() for by in other.links if by.target is resource.model)
    for other, by in links:
        target = table(other)
        cursor.execute(
            f"UPDATE {target.name} SET {by.column}_id = (SELECT id FROM {table(resource).name} AS named "  # noqa: S608
            f"WHERE named.connection_id = %s AND named.remote_id = {target.name}.{by.source}) "
            f"WHERE connection_id = %s AND {by.source} IN ({marks}) AND {by.column}_id IS NULL",
            [connection_id, connection_id, *new_ids],
        )
