"""What lists need of a table to show any page of any sort order at once."""

from copy import copy
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models.functions import Left, Lower
from django.db.models.sql.compiler import SQLCompiler

# Names are sorted by so many characters: PostgreSQL takes no index entry above 2,700 bytes.
SORTED_CHARACTERS = 80


class SortKeyField(models.TextField[str, str]):
    """Text in the order of its code points, on PostgreSQL too: one index then serves sorting and prefixes."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """The column's type; SQLite compares code points anyway."""
        parameters: dict[str, Any] = {**super().db_parameters(connection)}
        return parameters | ({"collation": "C"} if connection.vendor == "postgresql" else {})


def sort_key(column: str) -> models.GeneratedField:
    """A generated column that text is sorted and looked up by: its beginning in lower case."""
    return models.GeneratedField(
        expression=Lower(Left(column, SORTED_CHARACTERS)), output_field=SortKeyField(), db_persist=True
    )


class Unindexed(models.Func):
    """A column by which SQLite must not look rows up.

    Without statistics it likes the index of the account as much as any, though most rows are of one account.
    PostgreSQL has statistics and decides by itself.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        """The column behind a plus sign, which changes neither numbers nor text and bars its indexes."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


class ListIndex(models.Index):
    """Rows that Offorte still has, in the order of one column, with all that the usual filters ask about.

    A list is walked along it without touching the table. Nulls come first on PostgreSQL too, as SQLite always has it.
    """

    def __init__(self, *expressions: Any, **options: Any) -> None:
        options.setdefault("condition", models.Q(removed_at__isnull=True))
        super().__init__(*expressions, **options)

    def create_sql(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, using: str = "", **options: Any
    ) -> Statement:
        """CREATE INDEX, with NULLS FIRST where the database would put them last."""
        index = self
        if schema_editor.connection.vendor == "postgresql":
            index = copy(self)
            index.fields_orders = [
                (name, "NULLS FIRST" if model._meta.get_field(name).null else order)
                for name, order in self.fields_orders
            ]
        return models.Index.create_sql(index, model, schema_editor, using, **options)


def removed_index(name: str) -> models.Index:
    """The index of the few rows that Offorte has no more."""
    return models.Index(name=name, fields=["remote_id", "id"], condition=models.Q(removed_at__isnull=False))


def list_index(name: str, column: str, *asked: str) -> ListIndex:
    """The index of a list sorted by `column` whose filters ask about the columns `asked`."""
    # SQLite reads the table for a column that is not in the index, the condition's own included.
    return ListIndex(name=name, fields=[column, "id", "connection", *asked, "removed_at"])
