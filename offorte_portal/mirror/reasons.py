"""Warnings about mirrored objects."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class MirrorReason(ReasonCode):
    """Warnings of the mirror."""

    # The decoder's own text about a value, such as "price: can't read 'x' as an amount".
    UNREADABLE = "mirror.unreadable", "%(detail)s"
    OMITTED = "mirror.omitted", _("Offorte's answer left out “%(key)s”, so what was known of it stays.")
    WITHOUT_ID = "mirror.without_id", _("An item without a usable id was left out.")
    NOT_STORED = "mirror.not_stored", _("This item could not be stored, so what was known of it stays: %(error)s")
