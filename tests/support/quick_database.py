"""A test database that loses no time on what only a real one needs: permissions made anew, a disk that has written."""

from collections.abc import Callable

from django.db import connection as database
from django.db import transaction
from django.test import TransactionTestCase


def make_quick(patch: Callable[[object, str, Callable[..., None]], None]) -> None:
    """Let PostgreSQL commit without the disk, and tests that commit end with `Emptying` in place of Django's flush.

    A flush makes content types and permissions anew; what the migrations leave is kept here and put back.
    """
    if database.vendor == "postgresql":
        name = database.ops.quote_name(database.settings_dict["NAME"])
        with database.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        database.close()
    emptying = Emptying()
    patch(TransactionTestCase, "_fixture_teardown", lambda _test: emptying.run())


class Emptying:
    """The statements that bring every table of the models back to how it is now."""

    def __init__(self) -> None:
        """Copy the tables that have rows into tables of other names."""
        quote = database.ops.quote_name
        tables = database.introspection.django_table_names(only_existing=True, include_views=False)
        self.statements = [f"DELETE FROM {quote(table)}" for table in tables]
        with database.cursor() as cursor:
            for table in tables:
                name, copy = quote(table), quote(f"kept_{table}")
                cursor.execute(f"CREATE TABLE {copy} AS SELECT * FROM {name}")
                cursor.execute(f"SELECT 1 FROM {copy} LIMIT 1")
                if cursor.fetchone():
                    self.statements.append(f"INSERT INTO {name} SELECT * FROM {copy}")
                else:
                    cursor.execute(f"DROP TABLE {copy}")

    def run(self) -> None:
        """Empty the tables in one transaction; foreign keys are looked at when it ends."""
        with transaction.atomic(), database.cursor() as cursor:
            for statement in self.together():
                cursor.execute(statement)

    def together(self) -> list[str]:
        """One statement for a server that takes several at once, each by itself for SQLite."""
        return ["; ".join(self.statements)] if database.vendor == "postgresql" else self.statements
