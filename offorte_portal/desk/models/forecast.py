"""What sellers expect to win in a month, and what managers make of it. Rows are only added: the newest counts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

NOTE_LENGTH = 500
NAME_LENGTH = 150


class Forecast(models.Model):
    """A seller's forecast for one month in one currency; `expected` is what the chances came to when it was given."""

    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # All that is left once the person's account is deleted.
    seller_name = models.CharField(max_length=NAME_LENGTH)
    month = models.DateField()
    currency = models.CharField(max_length=12)
    committed = models.DecimalField(_("committed"), max_digits=19, decimal_places=4)
    best_case = models.DecimalField(_("best case"), max_digits=19, decimal_places=4)
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True, default="")
    expected = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    submitted_at = models.DateTimeField()

    class Meta:
        default_permissions = ("add",)
        permissions = [("adjust_forecast", gettext_noop("Can see everyone’s forecast and adjust it"))]
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        indexes = [models.Index(name="forecast_of_month", fields=["month", "seller", "currency"])]

    def __str__(self) -> str:
        return f"{self.seller_name} {self.month:%Y-%m}"


class ForecastAdjustment(models.Model):
    """A manager's amount in place of what a seller committed; without an amount, the seller's counts again."""

    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    seller_name = models.CharField(max_length=NAME_LENGTH)
    month = models.DateField()
    currency = models.CharField(max_length=12)
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # All that is left once the manager's account is deleted.
    by_name = models.CharField(max_length=NAME_LENGTH)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(name="adjustment_of_month", fields=["month", "seller", "currency"])]

    def __str__(self) -> str:
        return f"{self.seller_name} {self.month:%Y-%m}"
