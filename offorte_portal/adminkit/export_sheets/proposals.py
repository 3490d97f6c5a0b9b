"""The list of proposals as a table."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.money import currency_of
from offorte_portal.files.exports.columns import account, linked, mirrored, told
from offorte_portal.files.exports.sheets import Column, Kind, Sheet
from proposals.models import Proposal, Standing

OWNER = ("firstname", "lastname", "email", "remote_id")
NAMED = ("name", "remote_id")


def currency(proposal: Proposal) -> str | None:
    """What the total is in; nothing where there is no total."""
    return None if proposal.price_total is None else currency_of(proposal.price_total_display)


def open_days(proposal: Proposal) -> int | None:
    """Days since it was created, while it is open."""
    created_at = proposal.remote_created_at
    if proposal.status != Proposal.Status.OPEN or created_at is None:
        return None
    return max((timezone.localdate() - timezone.localtime(created_at).date()).days, 0)


def heat(proposal: Proposal) -> int | None:
    """The points; nothing where there are none, as in the list."""
    standing: Standing | None = getattr(proposal, "standing", None)
    return standing.heat or None if standing else None


PROPOSALS = Sheet(
    Proposal,
    (
        told(Proposal, "number", cell="title"),
        told(Proposal, "name", cell="title", kind=Kind.LONG),
        linked("company", _("Company"), *NAMED, cell="title", otherwise="company_name"),
        account(cell="title"),
        told(Proposal, "status", cell="status_pill"),
        Column("currency", _("Currency"), currency, reads=("price_total", "price_total_display"), cell="total"),
        told(Proposal, "price_total", cell="total", kind=Kind.MONEY),
        told(Proposal, "view_count", cell="views"),
        told(Proposal, "viewed_at", cell="last_seen"),
        Column(
            "open_days",
            _("Days open"),
            open_days,
            Kind.NUMBER,
            ("status", "remote_created_at"),
            "open_for",
        ),
        Column("heat", _("Heat"), heat, Kind.NUMBER, ("standing__heat",), "heat"),
        linked("owner", _("Owner"), *OWNER, cell="owner_avatar", otherwise="owner_name"),
        told(Proposal, "owner_email"),
        told(Proposal, "type"),
        told(Proposal, "language"),
        linked("design_template", _("Design template"), *NAMED),
        linked("text_template", _("Text template"), *NAMED),
        told(Proposal, "pages_total"),
        told(Proposal, "pdf_count"),
        told(Proposal, "remote_created_at"),
        told(Proposal, "remote_modified_at"),
        told(Proposal, "won_at"),
        told(Proposal, "remarks", kind=Kind.LONG),
        Column("tags", _("Tags"), lambda proposal: ", ".join(map(str, proposal.tags)), reads=("tags",)),
        told(Proposal, "company_remote_id", label=_("Offorte ID of the company")),
        *mirrored(Proposal),
    ),
)
