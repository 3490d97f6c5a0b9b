from django.db import models
from django.utils.translation import gettext_lazy as _


class LostReason(models.Model):
    """A reason from the managers' list. It is never deleted, because losses and running jobs refer to it."""

    class Default(models.TextChoices):
        """The reasons that the list begins with, shown in the reader's language until a manager renames them."""

        TOO_EXPENSIVE = "too_expensive", _("Too expensive")
        COMPETITOR = "competitor", _("Chose a competitor")
        NO_BUDGET = "no_budget", _("No budget")
        BAD_TIMING = "bad_timing", _("Bad timing")
        NO_RESPONSE = "no_response", _("No response")
        WRONG_FIT = "wrong_fit", _("Not the right fit")

    default = models.CharField(max_length=20, choices=Default, blank=True, default="", editable=False)
    # Of a default: its name in English.
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    # The reason that took over its losses; it is not active then.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        default_permissions = ("add", "change", "view")
        ordering = ["position", "id"]
        verbose_name = _("lost reason")
        verbose_name_plural = _("lost reasons")

    def __str__(self) -> str:
        return str(self.get_default_display()) if self.default else self.name

    @property
    def standing(self) -> "LostReason":
        """The reason that took over this one, or itself."""
        return self.merged_into or self
