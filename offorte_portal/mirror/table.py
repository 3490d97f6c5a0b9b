"""Upserts with SQL that is built once per table.

`bulk_create(update_conflicts=True)` builds objects and SQL for every page, and takes three times as long.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cache, cached_property
from typing import Any

from django.db import connection as database
from django.db import models
from django.db.backends.utils import CursorWrapper

from offorte_portal.mirror.columns import Column, Convert, UnfitError
from offorte_portal.mirror.resource import Link
from offorte_portal.text.reason import Reason

Row = dict[str, Any]
# The columns that a row names, and the parameters of its INSERT.
Prepared = tuple[frozenset[str], list[Any]]


class Table:
    """The table of a model, written by rows of {attname: value} that are identified by the columns of `key`.

    A column that a row does not name keeps its value. With `is_guarded`, a row is left alone if its `as_of` is newer.
    """

    def __init__(
        self,
        model: type[models.Model],
        key: tuple[str, ...],
        links: tuple[Link, ...] = (),
        *,
        is_guarded: bool = False,
    ) -> None:
        self.name = database.ops.quote_name(model._meta.db_table)
        self.key = key
        self.is_guarded = is_guarded
        self.links = {f"{link.column}_id": link for link in links}
        fields = [field for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
        self.columns = {field.attname: Column(field, database) for field in fields}
        self.required = [attname for attname, column in self.columns.items() if column.is_required]

    @cached_property
    def _insert(self) -> str:
        quote = database.ops.quote_name
        targets = {attname: quote(link.target._meta.db_table) for attname, link in self.links.items()}
        linked = {
            attname: f"(SELECT id FROM {target} WHERE connection_id = %s AND remote_id = %s)"  # noqa: S608
            for attname, target in targets.items()
        }
        names = ", ".join(quote(column.name) for column in self.columns.values())
        values = ", ".join(linked.get(attname, "%s") for attname in self.columns)
        return f"INSERT INTO {self.name} ({names}) VALUES ({values})"  # noqa: S608

    @cache  # noqa: B019 - tables live as long as the process
    def _upsert(self, present: frozenset[str]) -> str:
        quote = database.ops.quote_name
        changed = [
            quote(column.name)
            for attname, column in self.columns.items()
            if attname not in self.key and (self.links[attname].source if attname in self.links else attname) in present
        ]
        sets = ", ".join(f"{name} = excluded.{name}" for name in changed)
        conflict = f"{self._insert} ON CONFLICT ({', '.join(map(quote, self.key))})"
        guard = f" WHERE {self.name}.as_of <= excluded.as_of" if self.is_guarded else ""
        return f"{conflict} DO UPDATE SET {sets}{guard}" if sets else f"{conflict} DO NOTHING"

    def upsert(self, cursor: CursorWrapper, rows: Iterable[Prepared]) -> int:
        """Insert or update the prepared rows; return how many were written."""
        groups: dict[frozenset[str], list[list[Any]]] = defaultdict(list)
        for present, parameters in rows:
            groups[present].append(parameters)
        written = 0
        for present, group in groups.items():
            cursor.executemany(self._upsert(present), group)
            written += max(cursor.rowcount, 0)
        return written

    def prepare(self, row: Row) -> Prepared:
        """Return the row as parameters. Raises UnfitError if a value does not fit its column."""
        parameters: list[Any] = []
        for attname, source, convert, default in self._plan:
            if source:
                parameters += (row["connection_id"], row.get(source))
                continue
            value = row.get(attname)
            parameters.append(default if value is None else convert(value))
        return frozenset(row), parameters

    def drop_unfit(self, row: Row) -> list[Reason]:
        """Remove values that do not fit their columns; return warnings about them."""
        warnings = []
        for attname in list(row):
            try:
                if row[attname] is not None:
                    self.columns[attname].convert(row[attname])
            except UnfitError as error:
                del row[attname]
                warnings.append(error.reason.with_values(field=attname))
        return warnings

    @cached_property
    def _plan(self) -> list[tuple[str, str, Convert, Any]]:
        """For each column its name, the source of its link or "", its converter and its default."""
        return [
            (attname, self.links[attname].source if attname in self.links else "", column.convert, column.default)
            for attname, column in self.columns.items()
        ]

    def select(self, cursor: CursorWrapper, columns: str, connection_id: int, ids: Collection[int]) -> list[Any]:
        """Return the given columns of the account's rows with the given Offorte ids.

        There is no other condition: it would make partial indexes eligible, which are far slower for this.
        """
        if not ids:
            return []
        marks = ", ".join(["%s"] * len(ids))
        cursor.execute(
            f"SELECT {columns} FROM {self.name} WHERE connection_id = %s AND remote_id IN ({marks})",  # noqa: S608
            [connection_id, *ids],
        )
        return list(cursor.fetchall())
