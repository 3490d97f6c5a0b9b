"""New databases to measure in: an SQLite file, and one on a PostgreSQL server where there is one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

SERVER = "postgres://127.0.0.1:5432/postgres"


@contextmanager
def new_sqlite() -> Iterator[str]:
    """The URL of a new SQLite file, removed in the end."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


@contextmanager
def new_postgresql(server: str) -> Iterator[str]:
    """The URL of a new database on the server, dropped in the end. Raises psycopg.OperationalError without a server."""
    name = f"bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True, connect_timeout=3) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def find_server() -> str:
    """The server to use: that of DATABASE_URL where it is a PostgreSQL one, else the local one."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else SERVER
