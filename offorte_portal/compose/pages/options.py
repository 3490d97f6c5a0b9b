"""What the form of a draft loads while somebody fills it in: the people of a company, products by name."""

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
from offorte_portal.prices.memory import Remembered, recall
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
    may_recall = request.user.has_perm("prices.view_pricememory")
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
    """Return the remembered prices, those without VAT and those with it; none where the catalogue's price is known."""
    if product.price is not None or found is None:
        return []
    bases = (found.with_basis(includes_vat=False), found.with_basis(includes_vat=True))
    return [_offer_price(each, account) for each in bases if each and each.source]


def _offer_price(remembered: Remembered, account: Connection) -> dict[str, Any]:
    """Return a price as the form fills it in. One in another currency than the account's is shown, not filled in."""
    currency = read_currencies([account.pk])[account.pk]
    source = remembered.source[:NUMBER_CHARACTERS]
    if remembered.connection_id != account.pk:
        source = f"{source} ({Connection.objects.get(pk=remembered.connection_id)})"
    says = _("as in %(proposal)s") % {"proposal": source}
    amount = write_amount(remembered.price, remembered.currency)
    basis = _("incl. VAT") if remembered.includes_vat else _("excl. VAT")
    return {
        "price": write_number(remembered.price),
        "vat": write_number(remembered.vat),
        "includes_vat": remembered.includes_vat,
        "fits": remembered.currency == currency,
        "source": source[:SOURCE_CHARACTERS],
        "text": f"{amount} {basis}, {says}",
    }


def _account(request: HttpRequest) -> Connection:
    key = request.GET.get("account", "")
    return get_object_or_404(Connection, pk=int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0)


def _find(connection: Connection, query: str) -> list[Product]:
    """Return the products whose name begins with the query, then those that contain each word."""
    products = Product.objects.present().filter(connection=connection).select_related("vat_group")
    return search.offer(products.defer("payload", "search_text", "vat_group__payload"), query, OFFERED)
