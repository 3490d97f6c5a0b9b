"""The mirror of the account's own list of webhooks."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.mirror.models import Mirrored


class Webhook(Mirrored):
    """A webhook as Offorte has it (GET /webhooks/), ours or another party's."""

    payload_url = models.TextField(_("payload URL"), default="")
    payload_content_type = models.CharField(_("content type"), max_length=40, default="")
    is_active = models.BooleanField(_("active"), null=True)
    events = models.JSONField(_("events"), default=list)
    remote_created_at = models.DateTimeField(_("created"), null=True)
    remote_modified_at = models.DateTimeField(_("modified"), null=True)
    failed_at = models.DateTimeField(_("failed"), null=True)

    class Meta(Mirrored.Meta):
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.payload_url
