"""Mails the administrators about an account's webhook, once each time that it stops working."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.runs.reasons import Reason, put_into_words
from offorte_portal.staff.alerts import mail_administrators
from offorte_portal.webhooks.models import WebhookEndpoint


def tell_repaired(endpoint: WebhookEndpoint, trouble: Reason) -> None:
    """Mail that the webhook was repaired and that what was missed is being read."""

    def compose() -> tuple[str, str]:
        text = _(
            "%(trouble)s The portal has repaired it and is reading what it may have missed. You "
            "don’t need to do anything."
        )
        return _("Webhook of %s repaired") % endpoint.connection, text % {"trouble": put_into_words(trouble)}

    if claim(endpoint):
        send(endpoint, compose)


def tell_broken(endpoint: WebhookEndpoint, reason: Reason) -> None:
    """Mail that the webhook does not work, and what to do."""

    def compose() -> tuple[str, str]:
        text = _("%(reason)s Until then, changes in Offorte only reach the portal with the next sync.")
        return _("Webhook of %s isn’t working") % endpoint.connection, text % {"reason": put_into_words(reason)}

    if claim(endpoint):
        send(endpoint, compose)


def claim(endpoint: WebhookEndpoint) -> bool:
    """Record that the current trouble is reported; return False if it was already."""
    untold = WebhookEndpoint.objects.filter(pk=endpoint.pk, alerted_at=None)
    return bool(untold.update(alerted_at=ports.now()))


def clear(endpoint: WebhookEndpoint) -> None:
    """Record that all is well again, so that the next trouble is reported."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).exclude(alerted_at=None).update(alerted_at=None)


def send(endpoint: WebhookEndpoint, compose: Callable[[], tuple[str, str]]) -> None:
    """Mail the administrators; if that fails, the trouble counts as not reported."""
    if not mail_administrators(endpoint.pk, compose):
        clear(endpoint)
