"""The panel of a product's record with its remembered prices."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog.models import Product
from contacts.models import Company
from offorte_portal.adminkit.additions import RecordPanel
from offorte_portal.adminkit.columns import day
from offorte_portal.adminkit.money import format_amount, write_amount
from offorte_portal.adminkit.records import list_url, may_see, record_link, write
from offorte_portal.connections.models import Connection
from offorte_portal.prices.identity import identify
from offorte_portal.prices.memory import VIEW, Remembered, recall
from offorte_portal.prices.models import PriceMemory, PriceUse
from offorte_portal.prices.pages.words import say_basis, say_range, say_share, say_source, say_spread
from offorte_portal.prices.progress import find_unread
from proposals.models import Proposal

SHOWN = 20
# The last uses of so many memories are read.
MOST = 5


@dataclass(frozen=True)
class Figures:
    """The figures of one account and currency, with or without VAT."""

    account: str
    price: str
    basis: str
    source: str
    used: SafeString
    range: str
    spread: str
    offered: int
    share: str


@dataclass(frozen=True)
class UsedPrice:
    """A row of a proposal."""

    proposal: SafeString
    number: str
    company: str
    day: SafeString
    price: str
    basis: str
    discount: str
    vat: str
    status: str
    status_label: str


def show_panel(request: HttpRequest, product: Product) -> RecordPanel | None:
    """Return the panel; None for people who may not see remembered prices."""
    if not request.user.has_perm(VIEW):
        return None
    identity = identify(product)
    found = recall(product.connection_id, [identity]).get(identity)
    remembered = [found, *found.others] if found else []
    uses = _find_uses(product)
    context: dict[str, Any] = {
        "figures": _figures(product, remembered),
        "uses": [_show_use(request, use) for use in uses[:SHOWN]] if may_see(request.user, Proposal) else [],
        "more_url": f"{list_url(request.user, Proposal)}?product={product.pk}" if uses else "",
        "has_more": len(uses) > SHOWN,
        "unread": find_unread([product.connection_id]),
        "is_known": product.price is not None,
    }
    return RecordPanel("prices/_product_panel.html", context)


def _figures(product: Product, remembered: list[Remembered]) -> list[Figures]:
    names = {product.connection_id: product.connection}
    missing = {each.connection_id for each in remembered} - names.keys()
    names |= Connection.objects.in_bulk(missing) if missing else {}
    is_joined = bool(missing)
    return [
        Figures(
            account=str(names[each.connection_id]) if is_joined else "",
            price=write_amount(each.price, each.currency),
            basis=say_basis(includes_vat=each.includes_vat),
            source=say_source(each.source),
            used=day(each.at),
            range=say_range(each),
            spread=say_spread(each),
            offered=each.offered,
            share=say_share(each.won, each.lost),
        )
        for each in remembered
    ]


def _find_uses(product: Product) -> list[PriceUse]:
    """Return the newest uses, one more than are shown. Each memory's are read along its index."""
    memories = PriceMemory.objects.filter(product=product, offered__gt=0).order_by("-last_at")
    rows = PriceUse.objects.select_related("memory", "proposal__company").order_by("-at", "-proposal_id")
    rows = rows.only(
        *(field.name for field in PriceUse._meta.concrete_fields),
        *("memory__currency", "memory__includes_vat"),
        *("proposal__name", "proposal__number", "proposal__status", "proposal__remote_id", "proposal__company_name"),
        *("proposal__company__name", "proposal__company__remote_id"),
    )
    found = [
        use for key in memories.values_list("pk", flat=True)[:MOST] for use in rows.filter(memory=key)[: SHOWN + 1]
    ]
    return sorted(found, key=lambda use: (use.at, use.proposal_id), reverse=True)[: SHOWN + 1]


def _show_use(request: HttpRequest, use: PriceUse) -> UsedPrice:
    proposal = use.proposal
    company = proposal.company if proposal.company and may_see(request.user, Company) else proposal.company_name
    return UsedPrice(
        proposal=record_link(request.user, proposal),
        number=proposal.number,
        company=str(company),
        day=day(use.at),
        price="" if use.price is None else write_amount(use.price, use.memory.currency),
        basis=say_basis(includes_vat=True) if use.memory.includes_vat else "",
        discount=_say_discount(use),
        vat="" if use.vat is None else f"{write(use.vat)}%",
        status=proposal.status,
        status_label=proposal.get_status_display(),
    )


def _say_discount(use: PriceUse) -> str:
    if not use.discount:
        return ""
    if use.discount_type == "percentage":
        return _("%(percent)s discount") % {"percent": f"{write(use.discount)}%"}
    amount = format_amount(use.discount)
    if use.discount_type == "amount":
        return _("%(amount)s discount") % {"amount": amount}
    return _("discount %(number)s (percentage or amount unknown)") % {"number": amount}
