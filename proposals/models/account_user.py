from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.mirror.models import Mirrored


class AccountUser(Mirrored):
    """A user of the Offorte account, who owns proposals (GET /account/users/)."""

    email = models.TextField(_("e-mail"), default="")
    firstname = models.TextField(_("first name"), default="")
    lastname = models.TextField(_("last name"), default="")
    phone = models.TextField(_("phone"), default="")
    jobtitle = models.TextField(_("job title"), default="")

    class Meta(Mirrored.Meta):
        verbose_name = _("Offorte user")
        verbose_name_plural = _("Offorte users")

    def __str__(self) -> str:
        return f"{self.firstname} {self.lastname}".strip() or self.email or f"#{self.remote_id}"
