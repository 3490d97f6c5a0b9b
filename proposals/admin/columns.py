"""The columns that a person may add to the list of proposals."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.additions import ListColumn, field_column
from proposals.models import Proposal


def show_company(proposal: Proposal) -> SafeString:
    """Return the company's name, or the one that Offorte gave with the proposal."""
    return columns.text(str(proposal.company) if proposal.company else proposal.company_name)


def show_owner(proposal: Proposal) -> SafeString:
    """Return the owner's name, or the one that Offorte gave with the proposal."""
    return columns.text(str(proposal.owner) if proposal.owner else proposal.owner_name)


def show_tags(proposal: Proposal) -> SafeString:
    return columns.text(", ".join(map(str, proposal.tags or ())))


MORE_COLUMNS = (
    # The key of the name that Offorte gave with the proposal: an index of its own sorts any number of them.
    ListColumn(name="company_text", title=_("Company"), show=show_company, ordering="company_key"),
    field_column("company__city", _("City")),
    field_column("company__country", _("Country")),
    field_column("company__phone", _("Phone")),
    field_column("company__email", _("E-mail")),
    field_column("company__vat_number", _("VAT number")),
    field_column("number", _("Number")),
    field_column("remote_created_at", _("Created"), name="created", ordering="remote_created_at"),
    field_column("remote_modified_at", _("Modified"), name="modified", ordering="remote_modified_at"),
    field_column("won_at", _("Won"), name="won"),
    ListColumn(name="owner_text", title=_("Owner’s name"), show=show_owner),
    field_column("owner_email", _("Owner’s e-mail")),
    field_column("design_template__name", _("Design template"), name="template_text"),
    field_column("type", _("Type")),
    field_column("language", _("Language")),
    ListColumn(name="tags_text", title=_("Tags"), show=show_tags, reads=("tags",)),
    field_column("pages_total", _("Pages"), name="pages"),
    field_column("pdf_count", _("PDF views"), name="pdfs"),
)
