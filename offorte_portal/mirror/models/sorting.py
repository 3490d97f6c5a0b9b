"""Columns and indexes with which a list shows any page in any order quickly."""

from collections.abc import Callable
from copy import copy
from functools import cache
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models.functions import Left, Lower
from django.db.models.sql.compiler import SQLCompiler

from offorte_portal.text import keys


class SortKeyField(models.TextField[str, str]):
    """Text ordered by code points, on PostgreSQL too: one index then serves sorting and prefix searches."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Add the collation on PostgreSQL; SQLite compares code points by default."""
        parameters: dict[str, Any] = {**super().db_parameters(connection)}
        return parameters | ({"collation": "C"} if connection.vendor == "postgresql" else {})


class FoldedField(SortKeyField):
    """A column with what `fold` makes of the text in the column `source`, written whenever that is.

    The mirror's engine, `save()` and `bulk_create()` write it; `QuerySet.update()` does not. When `fold` gives other
    results than before, `mirror/rebuilding.py` rebuilds the column in a migration.
    """

    def __init__(self, source: str = "", fold: Callable[[str], str] = keys.sort_key, **options: Any) -> None:
        self.source, self.fold = source, fold
        super().__init__(**{"default": "", "editable": False, **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "source": self.source, "fold": self.fold}

    def derive(self, text: str | None) -> str:
        """Return the column's value for a text of the source."""
        return self.fold(text or "")

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Set the column from the source of the same row."""
        value = self.derive(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value


@cache
def folded_fields(model: type[models.Model]) -> tuple[FoldedField, ...]:
    """Return the folded columns of a model."""
    return tuple(field for field in model._meta.concrete_fields if isinstance(field, FoldedField))


def sort_key(column: str) -> FoldedField:
    """Return a column to sort a list by the text in another one, and to find what begins with a word."""
    return FoldedField(column, keys.sort_key)


def lowered(column: str) -> models.GeneratedField:
    """Return a generated column by which rows are found whatever the case of another column, such as an address."""
    expression = Lower(Left(column, keys.SORTED_CHARACTERS))
    return models.GeneratedField(expression=expression, output_field=SortKeyField(), db_persist=True)


class Unindexed(models.Func):
    """A column by which SQLite must not look up rows.

    Without statistics, SQLite considers the account's index as useful as any other, though most rows belong to one
    account. PostgreSQL has statistics and decides by itself.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        """Put a plus sign before the column, which leaves numbers and text unchanged and bars its indexes."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


class ListIndex(models.Index):
    """Rows that Offorte still has, in the order of one column, with all columns that the usual filters use.

    A list is read along the index without touching the table. Nulls come first on PostgreSQL too, as they do on SQLite.
    """

    def __init__(self, *expressions: Any, **options: Any) -> None:
        options.setdefault("condition", models.Q(removed_at__isnull=True))
        super().__init__(*expressions, **options)

    def create_sql(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, using: str = "", **options: Any
    ) -> Statement:
        """Create the index, with NULLS FIRST where the database would put them last."""
        index = self
        if schema_editor.connection.vendor == "postgresql":
            index = copy(self)
            index.fields_orders = [
                (name, "NULLS FIRST" if model._meta.get_field(name).null else order)
                for name, order in self.fields_orders
            ]
        return models.Index.create_sql(index, model, schema_editor, using, **options)


def removed_index(name: str) -> models.Index:
    """Return an index of the few rows that Offorte no longer has."""
    return models.Index(name=name, fields=["remote_id", "id"], condition=models.Q(removed_at__isnull=False))


def list_index(name: str, column: str, *asked: str) -> ListIndex:
    """Return the index of a list sorted by `column` and filtered by the columns `asked`."""
    # SQLite reads the table for any column that is not in the index, even one in the index's own condition.
    return ListIndex(name=name, fields=[column, "id", "connection", *asked, "removed_at"])
