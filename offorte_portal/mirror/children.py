"""The parts of an object that live and die with it: written from its details, gone when they are no longer there."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import connection as database
from django.db.backends.utils import CursorWrapper

from offorte_portal.mirror.items import remote_id_of
from offorte_portal.mirror.resource import Children, Json
from offorte_portal.mirror.table import Prepared, Row, Table


@cache
def table(children: Children) -> Table:
    """The table of the children, prepared once."""
    return Table(children.model, (children.parent, children.key))


def replace_children(cursor: CursorWrapper, parent_id: int, declared: tuple[Children, ...], raw: Json) -> list[str]:
    """Make the rows below a parent what its payload says; answers what could not be read.

    A list that is missing or null tells nothing: the rows that there are stay.
    """
    warnings: list[str] = []
    for children in declared:
        elements = find(raw, children.path)
        if elements is None:
            continue
        keyed = dict(read(children, elements, warnings))
        gone = [pk for key, pk in primary_keys(cursor, children, parent_id).items() if key not in keyed]
        if gone:
            children.model._default_manager.filter(pk__in=gone).delete()
        rows = [prepare(children, parent_id, key, element, warnings) for key, element in keyed.items()]
        table(children).upsert(cursor, rows)
        if children.children:
            ids = primary_keys(cursor, children, parent_id)
            for key, element in keyed.items():
                warnings += replace_children(cursor, ids[key], children.children, element)
    return warnings


def find(raw: Json, path: tuple[str, ...]) -> list[Any] | None:
    """The list at the end of a path of keys, None where there is none."""
    value: Any = raw
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, list) else None


def read(children: Children, elements: list[Any], warnings: list[str]) -> Iterator[tuple[int, Json]]:
    """The elements that are objects and have their key, by key."""
    where = ".".join(children.path)
    for position, element in enumerate(elements):
        if not isinstance(element, dict):
            warnings.append(f"{where}[{position}] is not an object and was left out.")
        elif children.key == "position":
            yield position, element
        elif (remote_id := remote_id_of(element)) is None:
            warnings.append(f"{where}[{position}] has no id and was left out.")
        else:
            yield remote_id, {**element, "position": position}


def prepare(children: Children, parent_id: int, key: int, element: Json, warnings: list[str]) -> Prepared:
    """The row of one element. It tells every column, so that nothing of an earlier element stays behind."""
    reading = children.payload.read(element)
    row: Row = reading.values | {
        "position": element.get("position", key),
        children.parent: parent_id,
        children.key: key,
    }
    if children.complete:
        children.complete(row, element)
    target = table(children)
    faults = list(reading.warnings)
    try:
        prepared = target.prepare({attname: row.get(attname) for attname in target.columns})
    except ValueError:
        faults += target.drop_unfit(row)
        prepared = target.prepare({attname: row.get(attname) for attname in target.columns})
    warnings += (f"{'.'.join(children.path)}[{row['position']}].{fault}" for fault in faults)
    return prepared


def primary_keys(cursor: CursorWrapper, children: Children, parent_id: int) -> dict[int, int]:
    """The rows' own ids by their keys within the parent."""
    quote = database.ops.quote_name
    cursor.execute(
        f"SELECT {quote(children.key)}, id FROM {table(children).name} WHERE {quote(children.parent)} = %s",  # noqa: S608
        [parent_id],
    )
    return dict(cursor.fetchall())
