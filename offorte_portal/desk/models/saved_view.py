"""Saved views of a list: its filters, search, order and columns, under a name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from offorte_portal import ports

NAME_LENGTH = 60
QUERY_LENGTH = 2000


class SavedView(models.Model):
    """A saved view of the list of proposals, as the parameters of its address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    # The parameters of filters, search, order and columns, always in the same order.
    query = models.CharField(max_length=QUERY_LENGTH, blank=True, default="")
    is_shared = models.BooleanField(_("for everyone"), default=False)
    created_at = models.DateTimeField(default=ports.now, editable=False)

    class Meta:
        default_permissions = ()
        permissions = [("share_savedview", gettext_noop("Can share views with everybody"))]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_named_once")]
        indexes = [models.Index(name="saved_view_shared", fields=["is_shared"], condition=models.Q(is_shared=True))]

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """The view that a person's list opens with."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.view_id)
