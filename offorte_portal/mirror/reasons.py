"""Warnings about mirrored objects."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class MirrorReason(ReasonCode):
    """Warnings of the mirror."""

    MISSING = "mirror.missing", _("%(field)s: missing")
    TOO_LARGE = "mirror.too_large", _("%(field)s: %(value)s is too large")
    TOO_LONG = "mirror.too_long", _("%(field)s: '%(value)s…' is longer than %(length)s characters")
    PART_NOT_AN_OBJECT = "mirror.part_not_an_object", _("%(field)s isn’t an object and was skipped.")
    PART_WITHOUT_ID = "mirror.part_without_id", _("%(field)s has no ID and was skipped.")
    OMITTED = "mirror.omitted", _("Offorte’s answer didn’t include “%(key)s”. The previous value was kept.")
    WITHOUT_ID = "mirror.without_id", _("An item without a usable ID was skipped.")
    NOT_STORED = "mirror.not_stored", _("This item couldn’t be saved. The previous version was kept: %(error)s")
