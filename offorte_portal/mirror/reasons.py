"""Warnings about mirrored objects."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class MirrorReason(ReasonCode):
    """Warnings of the mirror."""

    MISSING = "mirror.missing", _("%(field)s: missing")
    TOO_LARGE = "mirror.too_large", _("%(field)s: %(value)s is too large")
    TOO_LONG = "mirror.too_long", _("%(field)s: '%(value)s…' is longer than %(length)s characters")
    PART_NOT_AN_OBJECT = "mirror.part_not_an_object", _("%(field)s is not an object and was left out.")
    PART_WITHOUT_ID = "mirror.part_without_id", _("%(field)s has no id and was left out.")
    OMITTED = "mirror.omitted", _("Offorte's answer left out “%(key)s”, so what was known of it stays.")
    WITHOUT_ID = "mirror.without_id", _("An item without a usable id was left out.")
    NOT_STORED = "mirror.not_stored", _("This item could not be stored, so what was known of it stays: %(error)s")
