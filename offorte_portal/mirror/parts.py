"""Reads all parts of one record in one query: the price tables, comments, e-mails … of a proposal.

Each kind of part is a table of its own, so `prefetch_related` takes a query for each. Here every part becomes a JSON
object in the database, and one UNION returns all of them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import DateTimeField, DecimalField, Field, JSONField, Model, Prefetch, QuerySet, TextField, Value
from django.db.models.expressions import Combinable, F
from django.db.models.functions import Cast, JSONObject
from django.utils.dateparse import parse_datetime

# Written as text, because numbers in JSON lose digits, and JSON in JSON is read differently by each database.
AS_TEXT = (DecimalField, JSONField)


@dataclass(frozen=True)
class _Kind:
    """A kind of part: the relations that lead to it, the one that leads back, and the rows as `Prefetch` names them."""

    path: str
    back: str
    rows: QuerySet[Any]

    @property
    def fields(self) -> dict[str, Field[Any, Any]]:
        """What is read of a row: its columns and what its queryset annotates, by the attribute that holds it."""
        columns = {field.attname: field for field in self.rows.model._meta.concrete_fields}
        return columns | {name: found.output_field for name, found in self.rows.query.annotations.items()}


def read_parts(record: Model, *lookups: str | Prefetch[Any]) -> None:
    """Read these relations of the record, as `prefetch_related_objects` does: "price_tables__rows" includes the tables.

    The rows must have a `position`, and are sorted by it. What a `Prefetch` annotates must be JSON, text or a number.
    """
    kinds = _find_kinds(record, lookups)
    one, *others = (_select(kind) for kind in kinds.values())
    found: dict[str, list[dict[str, Any]]] = {path: [] for path in kinds}
    for path, values in one.union(*others, all=True):
        found[path].append(values)
    owners: dict[str, dict[Any, Model]] = {"": {record.pk: record}}
    for path, kind in kinds.items():
        parent, _separator, name = path.rpartition("__")
        owners[path] = _attach(kind, name, owners[parent], found[path])


def _find_kinds(record: Model, lookups: tuple[str | Prefetch[Any], ...]) -> dict[str, _Kind]:
    """Return the kinds by their path, each after the one that it hangs on."""
    kinds: dict[str, _Kind] = {}
    for lookup in lookups:
        whole = lookup if isinstance(lookup, str) else lookup.prefetch_to
        model, path, back = type(record), "", ""
        for name in whole.split("__"):
            relation: Any = model._meta.get_field(name)
            path = f"{path}__{name}" if path else name
            model, back = relation.related_model, f"{relation.field.name}__{back}" if back else relation.field.name
            given = lookup.queryset if isinstance(lookup, Prefetch) and path == whole else None
            rows = model._default_manager.all() if given is None else given
            kinds.setdefault(path, _Kind(path, relation.field.name, rows.filter(**{back: record.pk}).order_by()))
    return kinds


def _select(kind: _Kind) -> QuerySet[Any]:
    written: dict[str, Combinable] = {
        name: Cast(name, TextField()) if isinstance(field, AS_TEXT) else F(name) for name, field in kind.fields.items()
    }
    return kind.rows.values_list(Value(kind.path), JSONObject(**written))


def _attach(kind: _Kind, name: str, owners: dict[Any, Model], found: list[dict[str, Any]]) -> dict[Any, Model]:
    """Give each owner its parts, as if they had been prefetched; return all parts by key."""
    parts = list(_build(kind, sorted(found, key=lambda values: values["position"])))
    back: Any = kind.rows.model._meta.get_field(kind.back)
    lists: dict[Any, list[Model]] = {key: [] for key in owners}
    for part in parts:
        key = getattr(part, back.attname)
        lists[key].append(part)
        setattr(part, kind.back, owners[key])
    for key, owner in owners.items():
        rows = getattr(owner, name).all()
        rows._result_cache, rows._prefetch_done = lists[key], True
        vars(owner).setdefault("_prefetched_objects_cache", {})[name] = rows
    return {part.pk: part for part in parts}


def _build(kind: _Kind, found: list[dict[str, Any]]) -> Iterator[Model]:
    columns = [field.attname for field in kind.rows.model._meta.concrete_fields]
    fields = kind.fields
    for values in found:
        read = {name: _read(fields[name], value) for name, value in values.items()}
        part = kind.rows.model.from_db(kind.rows.db, columns, [read.pop(name) for name in columns])
        vars(part).update(read)
        yield part


def _read(field: Field[Any, Any], value: Any) -> Any:
    """Return the value of a field as Django reads it from a column."""
    if value is None:
        return None
    if isinstance(field, DecimalField):
        return Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places))
    if isinstance(field, JSONField):
        # SQLite hands on an annotated object as an object, whatever it is cast to.
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(field, DateTimeField):
        return _moment(value)
    return field.to_python(value)


def _moment(text: str) -> datetime:
    """Return a moment; SQLite writes it without its zone, which is UTC. Raises ValueError."""
    found = parse_datetime(text)
    if found is None:
        raise ValueError(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
