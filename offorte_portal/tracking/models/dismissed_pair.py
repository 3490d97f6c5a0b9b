"""Companies that look like duplicates and are not: somebody has said so."""

from django.conf import settings
from django.db import models

from contacts.models import Company
from offorte_portal import ports
from offorte_portal.connections.models import Connection


class DismissedPair(models.Model):
    """Two different companies of one account; `first` has the lower key. It goes when either company does."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+")
    first = models.ForeignKey(Company, models.CASCADE, related_name="+")
    second = models.ForeignKey(Company, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=ports.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="tracking_pair_dismissed_once")]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id}"
