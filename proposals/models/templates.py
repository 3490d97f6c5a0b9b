"""What proposals are made from: templates and automation sets. Offorte sends little more than their names."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.mirror.models import Mirrored


class NamedRow(Mirrored):
    """An object of which Offorte sends only id and name."""

    name = models.TextField(_("name"), default="")

    class Meta(Mirrored.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name or f"#{self.remote_id}"


class DesignTemplate(NamedRow):
    """A design template (GET /settings/design-templates/)."""

    class Meta(NamedRow.Meta):
        verbose_name = _("design template")
        verbose_name_plural = _("design templates")


class TextTemplate(NamedRow):
    """A text template (GET /settings/text-templates/)."""

    class Meta(NamedRow.Meta):
        verbose_name = _("text template")
        verbose_name_plural = _("text templates")


class EmailTemplate(NamedRow):
    """An e-mail template (GET /settings/email-templates/)."""

    class Meta(NamedRow.Meta):
        verbose_name = _("e-mail template")
        verbose_name_plural = _("e-mail templates")


class AutomationSet(NamedRow):
    """An automation set (GET /automations/sets)."""

    class Meta(NamedRow.Meta):
        verbose_name = _("automation set")
        verbose_name_plural = _("automation sets")


class ProposalTemplate(NamedRow):
    """A favourite that new proposals start from (GET /favorites/proposals/)."""

    type = models.TextField(_("type"), default="")
    config_language_id = models.BigIntegerField(_("language"), null=True)
    proposal_tpl_id = models.BigIntegerField(_("proposal template ID"), null=True)

    class Meta(NamedRow.Meta):
        verbose_name = _("proposal template")
        verbose_name_plural = _("proposal templates")
