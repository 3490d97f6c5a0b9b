"""The migration operation for the search index on a table's `search_text`.

SQLite: a shadow table (FTS5 by trigrams) that triggers keep in step with every insert, update and delete, including raw
SQL; the exception is REPLACE, for which SQLite fires no delete trigger. A migration that makes SQLite rebuild the table
drops its triggers, so it has to end with this operation. PostgreSQL: a GIN index of trigrams; without the extension
pg_trgm, search still works, but reads the whole table.
"""

import logging

from django.apps.registry import Apps
from django.db import DatabaseError, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

logger = logging.getLogger(__name__)

SQLITE = (
    "CREATE VIRTUAL TABLE {table}_search USING fts5 ({shape})",
    "CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN {add}; END",
    "CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN {remove}; END",
    # Most updates leave the text unchanged and need not touch the index.
    "CREATE TRIGGER {table}_search_update AFTER UPDATE ON {table} WHEN {is_other} BEGIN {remove}; {add}; END",
    "INSERT INTO {table}_search ({table}_search) VALUES ('rebuild')",
)
SQLITE_PARTS = {
    "shape": "search_text, content='{table}', content_rowid='id', tokenize='trigram'",
    "is_other": "old.search_text IS NOT new.search_text",
    "add": "INSERT INTO {table}_search (rowid, search_text) VALUES (new.id, new.search_text)",
    "remove": "INSERT INTO {table}_search ({table}_search, rowid, search_text) "
    "VALUES ('delete', old.id, old.search_text)",
}
SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS {table}_search_insert",
    "DROP TRIGGER IF EXISTS {table}_search_delete",
    "DROP TRIGGER IF EXISTS {table}_search_update",
    "DROP TABLE IF EXISTS {table}_search",
)
POSTGRESQL = "CREATE INDEX {table}_search ON {table} USING gin (search_text gin_trgm_ops)"
POSTGRESQL_DROP = "DROP INDEX IF EXISTS {table}_search"
HINT = (
    "The search of %(table)s has no index, for PostgreSQL's extension pg_trgm could not be created (%(reason)s). It "
    "works, but slowly. As a superuser run in this database: CREATE EXTENSION pg_trgm; and then: %(sql)s;"
)


def index_search(table: str) -> migrations.RunPython:
    """Return the operation that creates the search index of a table with a column `search_text`."""

    def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        drop(table, editor)
        create(table, editor)

    def backwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        drop(table, editor)

    return migrations.RunPython(forwards, backwards)


def unindex_search(table: str) -> migrations.RunPython:
    """Return the operation that drops the index, before a migration rewrites the table."""

    def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        drop(table, editor)

    def backwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        drop(table, editor)
        create(table, editor)

    return migrations.RunPython(forwards, backwards)


def create(table: str, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the index. On PostgreSQL without the right to create the extension, log a hint instead."""
    if editor.connection.vendor == "sqlite":
        parts = {name: part.format(table=table) for name, part in SQLITE_PARTS.items()}
        for statement in SQLITE:
            editor.execute(statement.format(table=table, **parts))
        return
    sql = POSTGRESQL.format(table=table)
    try:
        with transaction.atomic(using=editor.connection.alias):
            editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as error:
        logger.warning(HINT, {"table": table, "reason": str(error).strip().partition("\n")[0], "sql": sql})
        return
    editor.execute(sql)


def drop(table: str, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the index, as far as it exists."""
    for statement in SQLITE_DROP if editor.connection.vendor == "sqlite" else (POSTGRESQL_DROP,):
        editor.execute(statement.format(table=table))
