"""The lists of proposals, templates, automation sets and the account's users as export sheets."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.files.exports.columns import account, linked, mirrored, of_linked, told
from offorte_portal.files.exports.sheets import Column, ColumnKind, Sheet, register
from proposals.currencies import currency_of
from proposals.models import (
    AccountUser,
    AutomationSet,
    DesignTemplate,
    EmailTemplate,
    Proposal,
    ProposalTemplate,
    TextTemplate,
)

OWNER = ("firstname", "lastname", "email", "remote_id")
NAMED = ("name", "remote_id")


def currency(proposal: Proposal) -> str | None:
    """Return the currency of the total; None where there is no total."""
    return None if proposal.price_total is None else currency_of(proposal.price_total_display)


def open_days(proposal: Proposal) -> int | None:
    """Return the days since the proposal was created; None unless it is open."""
    created_at = proposal.remote_created_at
    if proposal.status != Proposal.Status.OPEN or created_at is None:
        return None
    return max((timezone.localdate(ports.now()) - timezone.localtime(created_at).date()).days, 0)


def write_tags(proposal: Proposal) -> str:
    return ", ".join(map(str, proposal.tags))


PROPOSALS = Sheet(
    Proposal,
    (
        told(Proposal, "number", cell="title"),
        told(Proposal, "name", cell="title", kind=ColumnKind.LONG),
        linked("company", _("Company"), *NAMED, cell="title", otherwise="company_name"),
        account(cell="title"),
        told(Proposal, "status", cell="status_pill"),
        Column("currency", _("Currency"), currency, reads=("price_total", "price_total_display"), cell="total"),
        told(Proposal, "price_total", cell="total", kind=ColumnKind.MONEY),
        told(Proposal, "view_count", cell="views"),
        told(Proposal, "viewed_at", cell="last_seen"),
        Column(
            "open_days",
            _("Days open"),
            open_days,
            ColumnKind.NUMBER,
            ("status", "remote_created_at"),
            "open_for",
        ),
        linked("owner", _("Owner"), *OWNER, cell="owner_avatar", otherwise="owner_name"),
        told(Proposal, "owner_email"),
        of_linked("company", "city", _("City")),
        of_linked("company", "country", _("Country")),
        of_linked("company", "phone", _("Phone")),
        of_linked("company", "email", _("E-mail")),
        of_linked("company", "vat_number", _("VAT number")),
        told(Proposal, "type"),
        told(Proposal, "language"),
        linked("design_template", _("Design template"), *NAMED, cell="template_text"),
        linked("text_template", _("Text template"), *NAMED),
        told(Proposal, "pages_total", cell="pages"),
        told(Proposal, "pdf_count", cell="pdfs"),
        told(Proposal, "remote_created_at", cell="created"),
        told(Proposal, "remote_modified_at", cell="modified"),
        told(Proposal, "won_at", cell="won"),
        told(Proposal, "remarks", kind=ColumnKind.LONG),
        Column(
            "tags", _("Tags"), lambda proposal: ", ".join(map(str, proposal.tags)), reads=("tags",), cell="tags_text"
        ),
        told(Proposal, "company_remote_id", label=_("Offorte ID of the company")),
        *mirrored(Proposal),
    ),
)


def name_of(user: AccountUser) -> str:
    return str(user)


TEMPLATES = (
    *(
        Sheet(
            model,
            (
                told(model, "name", cell="title"),
                account(cell="title"),
                told(model, "remote_id", cell="remote_id"),
                *mirrored(model)[1:],
            ),
        )
        for model in (AutomationSet, DesignTemplate, EmailTemplate, TextTemplate)
    ),
    Sheet(
        ProposalTemplate,
        (
            told(ProposalTemplate, "name", cell="title"),
            account(cell="title"),
            told(ProposalTemplate, "type", cell="type"),
            told(ProposalTemplate, "remote_id", cell="remote_id"),
            told(ProposalTemplate, "config_language_id"),
            told(ProposalTemplate, "proposal_tpl_id"),
            *mirrored(ProposalTemplate)[1:],
        ),
    ),
    Sheet(
        AccountUser,
        (
            Column("user", _("Name"), name_of, reads=("firstname", "lastname", "email", "remote_id"), cell="title"),
            told(AccountUser, "jobtitle", cell="title"),
            account(cell="title"),
            told(AccountUser, "email", cell="email"),
            told(AccountUser, "phone", cell="phone"),
            told(AccountUser, "firstname"),
            told(AccountUser, "lastname"),
            *mirrored(AccountUser),
        ),
    ),
)

register(PROPOSALS, *TEMPLATES)
