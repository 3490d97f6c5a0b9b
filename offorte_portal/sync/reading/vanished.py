"""Mails the administrators about documented keys that the account's answers no longer have."""

from collections import defaultdict

from django.utils.translation import gettext as _

from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import OmittedKey
from offorte_portal.mirror.omissions import MOST_IN_A_ROW
from offorte_portal.staff.alerts import mail_administrators


def tell() -> None:
    """Mail each vanished key once; it stays in the account's banner until an answer has it again."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in OmittedKey.objects.filter(answers__gte=MOST_IN_A_ROW).order_by("resource", "key"):
        found[row.connection_id].append(f"{row.resource}.{row.key}")
    for connection in Connection.objects.filter(pk__in=found):
        known = connection.vanished_keys
        news = [key for key in found[connection.pk] if key not in known]
        # Only the process that changes the row mails; `vanished_keys` may have changed since it was read.
        rows = Connection.objects.filter(pk=connection.pk, vanished_keys=known)
        if news and rows.update(vanished_keys=[*known, *news]) and not mail(connection, news):
            Connection.objects.filter(pk=connection.pk).update(vanished_keys=known)


def mail(connection: Connection, keys: list[str]) -> bool:
    """Mail what is left out and what that means; return whether it could be sent."""

    def compose() -> tuple[str, str]:
        subject = _("Offorte no longer sends all data for %s") % connection
        text = _(
            "The last %(count)d answers from Offorte didn’t include: %(keys)s. The portal keeps the last known "
            "values and shows a warning on each record. Check whether a newer version of the portal is "
            "available."
        ) % {"count": MOST_IN_A_ROW, "keys": ", ".join(keys)}
        return subject, text

    return mail_administrators(connection.pk, compose)
