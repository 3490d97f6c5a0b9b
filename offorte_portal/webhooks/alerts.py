"""Telling the administrators about an account's webhook: one message for each time that it stopped working."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.connections.alerts import mail_administrators
from offorte_portal.runs.reasons import Reason, put_into_words
from offorte_portal.webhooks.models import WebhookEndpoint


def tell_repaired(endpoint: WebhookEndpoint, trouble: Reason) -> None:
    """Say that the webhook was repaired and that what was missed is being read."""
    if claim(endpoint):
        with translation.override(settings.LANGUAGE_CODE):
            subject = _("Webhook of %s repaired") % endpoint.connection
            text = _(
                "%(trouble)s The portal has repaired it and now reads what it may have missed. There is nothing to do."
            ) % {"trouble": put_into_words(trouble)}
            send(endpoint, subject, text)


def tell_broken(endpoint: WebhookEndpoint, reason: Reason) -> None:
    """Say that the webhook does not work and what to do."""
    if claim(endpoint):
        with translation.override(settings.LANGUAGE_CODE):
            subject = _("Webhook of %s does not work") % endpoint.connection
            text = _("%(reason)s Until then changes at Offorte arrive in the portal with the next sync only.") % {
                "reason": put_into_words(reason)
            }
            send(endpoint, subject, text)


def claim(endpoint: WebhookEndpoint) -> bool:
    """Whether this trouble was not told of yet; then it counts as told from now on."""
    untold = WebhookEndpoint.objects.filter(pk=endpoint.pk, alerted_at=None)
    return bool(untold.update(alerted_at=ports.now()))


def clear(endpoint: WebhookEndpoint) -> None:
    """All is well again: the next trouble is told of."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).exclude(alerted_at=None).update(alerted_at=None)


def send(endpoint: WebhookEndpoint, subject: str, text: str) -> None:
    """Mail it to the administrators; where no mail can be sent, it is told again next time."""
    if not mail_administrators(endpoint.pk, subject, text):
        clear(endpoint)
