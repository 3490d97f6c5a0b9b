"""What the form of a draft loads while somebody fills it in: the people of a company, products by name."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from catalog.models import Product
from offorte_portal.adminkit.money import write_amount
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.compose import drafts
from offorte_portal.compose.document import SOURCE_CHARACTERS, dump_row
from offorte_portal.compose.pages import form
from offorte_portal.compose.sources import product_row, write_number
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import search
from offorte_portal.prices.identity import identify
from offorte_portal.prices.memory import VIEW, Remembered, TablePrice, recall
from proposals.currencies import read_currencies

OFFERED = 8
NUMBER_CHARACTERS = 50


@staff_view([drafts.PERMISSION, "contacts.view_person"])
def offer_people(request: StaffRequest) -> HttpResponse:
    """Show who could receive a proposal for a company, as checkboxes; name those without an e-mail address."""
    people = form.offer_people(_account(request), request.GET.get("company_id"))
    context = {
        "options": [person for person in people if person.email],
        "silent": [person for person in people if not person.email],
        "chosen": set(request.GET.getlist("company_contacts")),
    }
    return render(request, "compose/_people.html", context)


@staff_view([drafts.PERMISSION, "catalog.view_product"])
def offer_products(request: StaffRequest) -> JsonResponse:
    """Return the products that contain each word, as rows filled in as far as they are known."""
    query = request.GET.get("q", "").strip()
    account = _account(request)
    found = _find(account, query) if query else []
    identities = {product.pk: identify(product) for product in found}
    may_recall = request.user.has_perm(VIEW)
    remembered = recall(account.pk, identities.values()) if may_recall and found else {}
    rows = [
        {
            "name": product.name,
            "sku": product.sku or "",
            "row": dump_row(product_row(product)),
            "remembered": _offer_prices(product, account, remembered.get(identities[product.pk])),
        }
        for product in found
    ]
    return JsonResponse({"products": rows})


def _offer_prices(product: Product, account: Connection, found: Remembered | None) -> list[dict[str, Any]]:
    """Return the remembered price for a table without VAT and for one with it; none where the catalogue has a price."""
    if product.price is not None or found is None:
        return []
    rate = product.vat_group.vat if product.vat_group else None
    currency = read_currencies([account.pk])[account.pk]
    prices = (found.for_table(currency, includes_vat=includes_vat, rate=rate) for includes_vat in (False, True))
    return [_offer_price(price, account, currency) for price in prices if price and price.origin.source]


def _offer_price(price: TablePrice, account: Connection, currency: str) -> dict[str, Any]:
    """Return a price as the form fills it in. One in another currency than the account's is shown, not filled in."""
    origin, source = price.origin, price.origin.source[:NUMBER_CHARACTERS]
    if origin.connection_id != account.pk:
        source = f"{source} ({Connection.objects.get(pk=origin.connection_id)})"
    if price.is_converted:
        original = _write_price(origin.price, origin.currency, includes_vat=origin.includes_vat)
        source = _("%(proposal)s, converted from %(amount)s") % {"proposal": source, "amount": original}
    amount = _write_price(price.amount, origin.currency, includes_vat=price.includes_vat)
    return {
        "price": write_number(price.amount),
        "vat": write_number(origin.vat),
        "includes_vat": price.includes_vat,
        "fits": origin.currency == currency,
        "source": source[:SOURCE_CHARACTERS],
        "text": f"{amount}, {_('as in %(proposal)s') % {'proposal': source}}",
    }


def _write_price(amount: Decimal, currency: str, *, includes_vat: bool) -> str:
    """Return "€ 12.50 excl. VAT"."""
    return f"{write_amount(amount, currency)} {_('incl. VAT') if includes_vat else _('excl. VAT')}"


def _account(request: HttpRequest) -> Connection:
    key = request.GET.get("account", "")
    return get_object_or_404(Connection, pk=int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0)


def _find(connection: Connection, query: str) -> list[Product]:
    """Return the products whose name begins with the query, then those that contain each word."""
    products = Product.objects.present().filter(connection=connection).select_related("vat_group")
    return search.offer(products.defer("payload", "search_text", "vat_group__payload"), query, OFFERED)
