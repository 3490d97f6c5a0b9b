"""Reason codes of syncs, and their texts."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class SyncReason(ReasonCode):
    """Warnings of syncs, and why details could not be read; `error` is a reason or the name of an error."""

    LIST_UNREADABLE = "sync.list_unreadable", _("This list could not be read: %(error)s")
    DETAILS_UNREADABLE = "sync.details_unreadable", _("The details could not be read: %(error)s")
    ABSENCE_UNKNOWN = (
        "sync.absence_unknown",
        _("Whether absent objects are gone could not be found out: %(error)s"),
    )
    UNKNOWN_WORD = (
        "sync.unknown_word",
        _("Offorte's log has words that the portal doesn't know, so they count for nothing: “%(word)s”"),
    )
    CANT_BE_KEPT = (
        "sync.cant_be_kept",
        _(
            "The portal couldn't read Offorte's answer. What it knew is unchanged, and it asks again later. "
            "If this goes on, ask your administrator to look at the log."
        ),
    )
    BUSY = "sync.busy", _("The portal's database is busy, so nothing was read. Try again in a moment.")
