from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.connections.models import Connection


class OfforteUserLink(models.Model):
    """The Offorte user that a member of staff is in one account, as an administrator has decided.

    It refers to the Offorte user by id, so that it survives when the mirror is removed and read again. It gives rights
    only while the account has that user: see `staff/identity.py`. An Offorte user is linked to one person only, because
    the owner of a proposal decides who may send it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="offorte_links", verbose_name=_("member of staff")
    )
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", verbose_name=_("account"))
    remote_id = models.BigIntegerField(_("Offorte user"))
    # The Offorte user's name when the link was made: all that is left once Offorte no longer has them.
    name = models.CharField(_("name"), max_length=200, default="")
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("linked by")
    )
    linked_at = models.DateTimeField(_("linked"))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "connection"], name="staff_link_once_an_account"),
            models.UniqueConstraint(fields=["connection", "remote_id"], name="staff_link_of_one_person"),
        ]
        verbose_name = _("link to an Offorte user")
        verbose_name_plural = _("links to Offorte users")

    def __str__(self) -> str:
        return self.name or f"#{self.remote_id}"
