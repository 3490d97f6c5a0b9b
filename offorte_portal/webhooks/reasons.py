"""Reason codes of webhooks and their events, and their texts."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class EndpointReason(ReasonCode):
    """Why a webhook does not work, or what was repaired."""

    NOT_HTTPS = (
        "webhooks.not_https",
        _(
            "Offorte only sends events to https addresses. Serve the portal over https and set "
            "PORTAL_URL to that address. Until then, changes arrive with the next sync."
        ),
    )
    TOO_MANY = (
        "webhooks.too_many",
        _(
            "The account has 10 webhooks, the most that Offorte allows. Delete one that is no longer "
            "needed under Webhooks. The portal then registers its own within the hour."
        ),
    )
    SWITCHED_OFF = "webhooks.switched_off", _("Offorte had switched off the webhook after ten failed deliveries.")
    MISSING = "webhooks.missing", _("The webhook had been deleted in Offorte.")
    CHANGED = "webhooks.changed", _("The webhook in Offorte had different events or a different address.")


@register
class EventReason(ReasonCode):
    """The result of an event, or why it has to be tried again."""

    NOT_JSON = "webhooks.event.not_json", _("This is not JSON.")
    NOT_AN_EVENT = "webhooks.event.not_an_event", _("This is not an event.")
    UNKNOWN_EVENT = "webhooks.event.unknown_event", _("The portal does not know this event.")
    NO_ID = "webhooks.event.no_id", _("The event doesn’t say which object it is about.")
    APPLIED = "webhooks.event.applied", _("Applied.")
    TO_BE_CONFIRMED = (
        "webhooks.event.to_be_confirmed",
        _("The event says this was removed. The portal is checking with Offorte."),
    )
    PART = (
        "webhooks.event.part",
        _("This event is about part of an object, so the portal reads the whole object from Offorte."),
    )
    SPLIT = "webhooks.event.split", _("This contained several events, which were split.")
    CONFIRMED = "webhooks.event.confirmed", _("Confirmed.")
    REMOVED = "webhooks.event.removed", _("Deleted in Offorte.")
    HIDDEN = "webhooks.event.hidden", _("Hidden in Offorte.")
    UNRESOLVED = (
        "webhooks.event.unresolved",
        _("The event doesn’t say which company this person belongs to. The portal is reading the companies again."),
    )
    REMOVED_HERE = "webhooks.event.removed_here", _("Removed.")
    OLDER = "webhooks.event.older", _("Older than what the portal already has.")
    DISCONNECTED = "webhooks.event.disconnected", _("The account was disconnected.")
    FAULT = "webhooks.event.fault", "%(traceback)s"
