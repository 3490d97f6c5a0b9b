"""Teams of sellers, for reports and the forecast."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.text.keys import SORTED_CHARACTERS


class Team(models.Model):
    """Sellers who are reported on together."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        default_permissions = ("change",)
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A seller in a team, as `staff.sellers.name_seller` names them: people who never use the portal have teams too."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    seller = models.CharField(max_length=SORTED_CHARACTERS, unique=True)

    class Meta:
        default_permissions = ()
        ordering = ["seller"]

    def __str__(self) -> str:
        return self.seller
