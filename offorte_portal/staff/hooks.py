"""Records in the security log who connected an account."""

from django.http import HttpRequest

from offorte_portal.connections.hooks import Hooks, register
from offorte_portal.connections.models import Connection
from offorte_portal.staff import security_log


def connected(connection: Connection, request: HttpRequest) -> None:
    security_log.record(security_log.Kind.ACCOUNT_CONNECTED, request=request, connection=connection)


register(Hooks(connected=connected))
