"""The companies that a form offers while a person types."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contacts.models import Company
from offorte_portal.mirror import search

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
        options += search.offer(present.exclude(remote_id=chosen), query, OFFERED)
    context = {
        "options": options,
        "name": name if _FIELD.fullmatch(name) else "company_id",
        "chosen": chosen,
        "query": query,
        "receivers": params.get("receivers") == "1",
        "account_id": account,
    }
    return render(request, "contacts/_company_options.html", context)


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0
