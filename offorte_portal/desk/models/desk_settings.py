"""The settings of the desk, for everybody."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

DAYS = [MinValueValidator(1), MaxValueValidator(365)]
POINTS = [MaxValueValidator(100)]
PERCENT = [MaxValueValidator(100)]


class DeskSettings(models.Model):
    """Thresholds of the desk: one row at most. Without it the defaults apply."""

    points_day = models.PositiveIntegerField(_("points for a visit in the last 24 hours"), default=6, validators=POINTS)
    points_week = models.PositiveIntegerField(_("points for a visit in the last 7 days"), default=3, validators=POINTS)
    points_month = models.PositiveIntegerField(
        _("points for a visit in the last 30 days"), default=1, validators=POINTS
    )
    points_viewer = models.PositiveIntegerField(_("points for each additional person"), default=5, validators=POINTS)
    hot_from = models.PositiveIntegerField(
        _("hot from … points"), default=12, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )

    seen_days = models.PositiveIntegerField(_("seen in the last … days"), default=7, validators=DAYS)
    unseen_days = models.PositiveIntegerField(_("open and not seen for … days"), default=3, validators=DAYS)
    silent_days = models.PositiveIntegerField(_("seen, but silent for … days"), default=5, validators=DAYS)

    stale_days = models.PositiveIntegerField(_("to clean up after … days"), default=60, validators=DAYS)

    rule_unseen_days = models.PositiveIntegerField(
        _("follow up when not seen for … days"), null=True, blank=True, validators=DAYS
    )
    rule_silent_days = models.PositiveIntegerField(
        _("follow up when silent for … days"), null=True, blank=True, validators=DAYS
    )

    chance_edit = models.PositiveIntegerField(_("chance of a proposal in edit, %"), default=10, validators=PERCENT)
    chance_unseen = models.PositiveIntegerField(_("chance of a proposal not seen, %"), default=20, validators=PERCENT)
    chance_seen = models.PositiveIntegerField(
        _("chance of a proposal that was seen, %"), default=40, validators=PERCENT
    )
    chance_hot = models.PositiveIntegerField(_("chance of a hot proposal, %"), default=60, validators=PERCENT)
    forecast_day = models.PositiveIntegerField(
        _("forecasts are due on day … of the month"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
    )

    # Until then, the home page shows administrators the first steps.
    steps_hidden_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = ("change",)
        verbose_name = _("thresholds")
        verbose_name_plural = _("thresholds")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
