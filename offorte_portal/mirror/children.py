"""Writes the parts of an object that are created and deleted with it, such as the price tables of a proposal."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import connection as database
from django.db.backends.utils import CursorWrapper

from offorte_portal.mirror.columns import UnfitError
from offorte_portal.mirror.items import remote_id_of
from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.mirror.resource import Children, Json
from offorte_portal.mirror.table import Prepared, Row, Table
from offorte_portal.text.reason import Reason

# The values that recognise a row, in lower case.
Known = tuple[str, ...]


@cache
def table(children: Children) -> Table:
    """Return the table of the children, built once."""
    return Table(children.model, (children.parent, children.key))


def replace_children(
    cursor: CursorWrapper,
    parent_id: int,
    declared: tuple[Children, ...],
    raw: Json,
    *,
    within: str = "",
    added: Json | None = None,
) -> list[Reason]:
    """Make the rows below a parent match its payload; return warnings about unreadable values, with where they are.

    A list that is missing or null leaves its rows as they are. A list with an element that can't be identified deletes
    no rows. `added` collects the keys of new watched rows, by the name of their list.
    """
    warnings: list[Reason] = []
    for children in declared:
        elements = find(raw, children.path)
        if elements is None:
            continue
        where = within + ".".join(children.path)
        identified = list(read(children, elements, where, warnings))
        keyed = dict(identified)
        is_whole = len(identified) == len(elements)
        held = primary_keys(cursor, children, parent_id) if is_whole else {}
        gone = [pk for key, pk in held.items() if key not in keyed]
        if children.is_watched and added is not None and is_whole and (new := keyed.keys() - held.keys()):
            added[children.path[-1]] = sorted(new)
        left = take_kept(children, parent_id, gone)
        if gone:
            children.model._default_manager.filter(pk__in=gone).delete()
        rows = [prepare(children, parent_id, key, element, warnings, where=where) for key, element in keyed.items()]
        table(children).upsert(cursor, rows)
        give_kept(children, parent_id, left)
        if children.children:
            ids = primary_keys(cursor, children, parent_id)
            for key, element in keyed.items():
                inside = f"{where}[{element.get('position', key)}]."
                warnings += replace_children(cursor, ids[key], children.children, element, within=inside)
    return warnings


def take_kept(children: Children, parent_id: int, gone: list[int]) -> dict[Known, Json]:
    """Return the kept columns of rows to be deleted, by the values that recognise these rows."""
    if not children.kept or not gone:
        return {}
    rows = recognise(children, parent_id)
    return {known: kept for known, (pk, kept) in rows.items() if pk in gone and any(kept.values())}


def give_kept(children: Children, parent_id: int, left: dict[Known, Json]) -> None:
    """Copy those values to the new rows that are recognised as the same and have none."""
    if not left:
        return
    for known, (pk, kept) in recognise(children, parent_id).items():
        if known in left and not any(kept.values()):
            children.model._default_manager.filter(pk=pk).update(**left[known])


def recognise(children: Children, parent_id: int) -> dict[Known, tuple[int, Json]]:
    """Return rows' primary keys and kept columns by values unique within the parent: the first of `kept_by`, or all."""
    rows = children.model._default_manager.filter(**{children.parent: parent_id})
    found: dict[Known, list[tuple[int, Json]]] = {}
    for row in rows.values("pk", *children.kept_by, *children.kept):
        known = tuple(row[name].casefold() for name in children.kept_by)
        for values in {known[:1], known}:
            found.setdefault(values, []).append((row["pk"], {name: row[name] for name in children.kept}))
    return {known: same[0] for known, same in found.items() if all(known) and len(same) == 1}


def find(raw: Json, path: tuple[str, ...]) -> list[Any] | None:
    """Return the list at the end of a path of keys; None where there is none."""
    value: Any = raw
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, list) else None


def read(children: Children, elements: list[Any], where: str, warnings: list[Reason]) -> Iterator[tuple[int, Json]]:
    """Yield the elements that are objects and have a key, with their keys; add warnings about the others."""
    for position, element in enumerate(elements):
        if not isinstance(element, dict):
            warnings.append(MirrorReason.PART_NOT_AN_OBJECT(field=f"{where}[{position}]"))
        elif children.key == "position":
            yield position, element
        elif (remote_id := remote_id_of(element)) is None:
            warnings.append(MirrorReason.PART_WITHOUT_ID(field=f"{where}[{position}]"))
        else:
            yield remote_id, {**element, "position": position}


def prepare(
    children: Children, parent_id: int, key: int, element: Json, warnings: list[Reason], *, where: str
) -> Prepared:
    """Return the row of one element. It sets every column except the kept ones, so that no earlier value remains."""
    reading = children.payload.read(element)
    row: Row = reading.values | {
        "position": element.get("position", key),
        children.parent: parent_id,
        children.key: key,
    }
    if children.complete:
        children.complete(row, element)
    target = table(children)
    columns = target.columns.keys() - set(children.kept)
    faults = reading.warnings + [MirrorReason.MISSING(field=name) for name in target.required if row.get(name) is None]
    try:
        prepared = target.prepare({name: row.get(name) for name in columns})
    except UnfitError:
        faults += target.drop_unfit(row)
        prepared = target.prepare({name: row.get(name) for name in columns})
    place = f"{where}[{row['position']}]"
    warnings += (fault.with_values(field=f"{place}.{fault.values['field']}") for fault in faults)
    return prepared


def primary_keys(cursor: CursorWrapper, children: Children, parent_id: int) -> dict[int, int]:
    """Return the rows' primary keys by their keys within the parent."""
    quote = database.ops.quote_name
    cursor.execute(
        f"SELECT {quote(children.key)}, id FROM {table(children).name} WHERE {quote(children.parent)} = %s",  # noqa: S608
        [parent_id],
    )
    return dict(cursor.fetchall())
