"""An account, and two moments at which Offorte said something."""

from datetime import UTC, datetime, timedelta

import pytest

from offorte_portal.connections.models import Connection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def account() -> int:
    return Connection.objects.create(account="bouw", client_id="id", client_secret="secret").pk
