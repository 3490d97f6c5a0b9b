"""What the form of a draft loads while somebody fills it in: the people of a company, products by name."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from catalog.models import Product
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.compose import drafts
from offorte_portal.compose.document import dump_row
from offorte_portal.compose.pages import form
from offorte_portal.compose.sources import product_row
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import search

OFFERED = 8


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
    rows = [
        {"name": product.name, "sku": product.sku or "", "row": dump_row(product_row(product))} for product in found
    ]
    return JsonResponse({"products": rows})


def _account(request: HttpRequest) -> Connection:
    key = request.GET.get("account", "")
    return get_object_or_404(Connection, pk=int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0)


def _find(connection: Connection, query: str) -> list[Product]:
    """Return the products whose name begins with the query, then those that contain each word."""
    products = Product.objects.present().filter(connection=connection).select_related("vat_group")
    return search.offer(products.defer("payload", "search_text", "vat_group__payload"), query, OFFERED)
