"""Proposals that people are still writing in the portal; they are not at Offorte yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.writes.models import Operation


class Draft(models.Model):
    """A proposal in preparation. Anything may be missing or wrong until it is created; ids are Offorte's.

    It keeps the same operation however often it is tried, so that it never becomes two proposals.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", verbose_name=_("account"))
    name = models.TextField(_("name"), blank=True, default="")
    company_remote_id = models.BigIntegerField(null=True)
    # The receivers: ids of people of the company.
    contacts = models.JSONField(default=list)
    owner_remote_id = models.BigIntegerField(null=True)
    proposal_template_remote_id = models.BigIntegerField(null=True)
    design_template_remote_id = models.BigIntegerField(null=True)
    text_template_remote_id = models.BigIntegerField(null=True)
    automations_set_remote_id = models.BigIntegerField(null=True)
    # In the format of `compose/document.py`; amounts are text.
    tables = models.JSONField(default=list)
    # The total of the rows without VAT, as far as they can be added up.
    value = models.DecimalField(_("value"), max_digits=19, decimal_places=2, null=True)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by"))
    is_shared = models.BooleanField(_("colleagues can edit it"), default=False)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Goes up with each save. A form that was opened at an earlier version does not overwrite a later one.
    version = models.PositiveIntegerField(default=1)
    # The key of the form that was saved last: a form that is sent twice is saved once.
    saved_key = models.UUIDField(null=True, editable=False)
    # The key of the form that created it: a form that is sent twice creates one draft.
    key = models.UUIDField(unique=True, editable=False)
    created_at = models.DateTimeField(_("begun"), default=ports.now, editable=False)
    saved_at = models.DateTimeField(_("saved"))

    operation = models.ForeignKey(Operation, models.SET_NULL, null=True, related_name="drafts")

    class Meta:
        default_permissions = ()
        ordering = ["-saved_at"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [
            models.Index(name="draft_by_person", fields=["created_by", "-saved_at"]),
            models.Index(name="draft_by_moment", fields=["-saved_at"]),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Untitled draft"))
