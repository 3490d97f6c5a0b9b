"""Reason codes of syncs, and their texts."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class SyncReason(ReasonCode):
    """Warnings of syncs, and why details could not be read; `error` is a reason or the name of an error."""

    LIST_UNREADABLE = "sync.list_unreadable", _("We couldn’t read this list: %(error)s")
    DETAILS_UNREADABLE = "sync.details_unreadable", _("We couldn’t read the details: %(error)s")
    ABSENCE_UNKNOWN = (
        "sync.absence_unknown",
        _("We couldn’t check whether missing records were removed in Offorte: %(error)s"),
    )
    UNKNOWN_WORD = (
        "sync.unknown_word",
        _("Offorte’s log contains an event that the portal doesn’t recognise, so it isn’t counted: “%(word)s”"),
    )
    CANT_BE_KEPT = (
        "sync.cant_be_kept",
        _(
            "We couldn’t read Offorte’s answer. What you see hasn’t changed, and we’ll try again later. If "
            "this keeps happening, ask your administrator to check the log."
        ),
    )
    BUSY = "sync.busy", _("The portal’s database is busy, so nothing was read. Try again in a moment.")
