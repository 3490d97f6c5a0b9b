"""The companies that a form offers while a person types."""

import re

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contacts.models import Company
from offorte_portal.adminkit import search
from offorte_portal.mirror.models.sorting import SORTED_CHARACTERS

OFFERED = 8
_FIELD = re.compile(r"[a-z_]{1,40}")
_NUMBER = re.compile(r"[0-9]{1,18}")


def offer_companies(request: HttpRequest) -> HttpResponse:
    """Return radio buttons: the chosen company, then companies of the account that match the search."""
    params = request.GET
    name, query = params.get("field", ""), params.get("q", "").strip()
    account, chosen = (_number(params.get(key, "")) for key in ("account", name))
    present = Company.objects.present().filter(connection=account).only("remote_id", "name", "city", "connection_id")
    options = list(present.filter(remote_id=chosen)) if chosen else []
    if query:
        options += _find(present.exclude(remote_id=chosen), query)
    context = {
        "options": options,
        "name": name if _FIELD.fullmatch(name) else "company_id",
        "chosen": chosen,
        "query": query,
        "receivers": params.get("receivers") == "1",
        "account_id": account,
    }
    return render(request, "contacts/_company_options.html", context)


def _find(companies: QuerySet[Company], query: str) -> list[Company]:
    """Return companies whose name starts with the query, then companies in which each of its words is found."""
    start = query.lower()[:SORTED_CHARACTERS].replace("\x00", "")
    begin = companies.filter(name_key__gte=start, name_key__lt=start + search.LAST_CHARACTER)
    found = [*begin.order_by("name_key")[:OFFERED], *search.apply(companies, query).order_by("name_key")[:OFFERED]]
    return list({company.pk: company for company in found}.values())[:OFFERED]


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0
