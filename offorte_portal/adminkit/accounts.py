"""Which Offorte account a person is looking at: one, or all of them."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from offorte_portal.models import Connection, SyncRun
from proposals.models import Notification

SESSION_KEY = "account"


def available(request: HttpRequest) -> list[Connection]:
    """All connected accounts by label, read once a request, each with the key of its sync that has not ended."""
    known: list[Connection] | None = getattr(request, "_portal_accounts", None)
    if known is None:
        # The bell's count comes along: the frame is to cost one query a page.
        unread = Notification.objects.filter(user=request.user.pk, read_at__isnull=True).order_by().values("user")
        active = SyncRun.objects.filter(connection=OuterRef("pk"), state__in=SyncRun.ACTIVE)
        connections = Connection.objects.select_related("webhook_endpoint").annotate(
            active_run=Subquery(active.values("pk")[:1]),
            unread=Coalesce(Subquery(unread.annotate(count=Count("pk")).values("count")), 0),
        )
        known = sorted(connections, key=lambda connection: str(connection).casefold())
        request._portal_accounts = known  # type: ignore[attr-defined]
    return known


def active_run(connection: Connection) -> int | None:
    """The key of the account's sync that has not ended, if there is one."""
    key: int | None = getattr(connection, "active_run", None)
    return key


def selected(request: HttpRequest) -> Connection | None:
    """The account that the person has chosen to see; None stands for all of them."""
    pk = request.session.get(SESSION_KEY)
    return next((connection for connection in available(request) if connection.pk == pk), None)


def select(request: HttpRequest, pk: str) -> Connection | None:
    """Remember the account with this key as chosen; all accounts when there is none with it."""
    chosen = next((connection for connection in available(request) if str(connection.pk) == pk), None)
    if chosen:
        request.session[SESSION_KEY] = chosen.pk
    else:
        request.session.pop(SESSION_KEY, None)
    return chosen
