"""A test database that loses no time on what only a real one needs: permissions made anew, a disk that has written."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.test import TransactionTestCase


@contextmanager
def migrated_once(folder: Path) -> Iterator[bool]:
    """Let one of the processes that share a folder migrate its test database, and the others begin with a copy of it.

    Yields whether this process has a copy; where it has none, it is to make its database within the context. On
    PostgreSQL the copy that others copy is there until `forget_template`.
    """
    with (folder / "database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "database.made"
        if made.exists():
            copy_database(made.read_text(), test_name())
            yield True
        else:
            yield False
            template = template_name()
            copy_database(test_name(), template)
            made.write_text(template)


def test_name() -> str:
    """The name of this process's test database, a path on SQLite."""
    return str(creation()._get_test_db_name())


def creation() -> Any:
    """What makes test databases, with what its types leave out."""
    return database.creation


def template_name() -> str:
    """The name of the database that is copied, the same in all processes on PostgreSQL."""
    return f"{test_name().partition('_gw')[0]}_template"


def copy_database(source: str, target: str) -> None:
    """Copy a database that nobody is connected to."""
    database.close()
    if database.vendor == "sqlite":
        shutil.copyfile(source, target)
        return
    quote = database.ops.quote_name
    with creation()._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(target)}")
        cursor.execute(f"CREATE DATABASE {quote(target)} TEMPLATE {quote(source)}")


def forget_template() -> None:
    """Drop what the processes copied; a file goes with its folder."""
    if database.vendor == "postgresql":
        with creation()._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {database.ops.quote_name(template_name())}")


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
