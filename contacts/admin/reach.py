"""How to reach a company or a person: what a person acts on first on its page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from contacts.models import Contact
from offorte_portal.adminkit import records
from offorte_portal.adminkit.html import mail_link, phone_link, web_link


@dataclass(frozen=True)
class Way:
    """One way to reach somebody, with an icon; `value` is a link where one leads there."""

    icon: str
    label: str
    value: Any


def find_ways(contact: Contact) -> list[Way]:
    """Return the ways that Offorte has told, the quickest first."""
    dial = partial(phone_link, country=contact.country)
    links: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
        ("mobile", "smartphone", dial),
        ("phone", "phone", dial),
        ("email", "mail", mail_link),
        ("internet", "globe", web_link),
    )
    ways = [
        Way(icon, capfirst(records.label_of(contact, name)), link(value))
        for name, icon, link in links
        if (value := getattr(contact, name, "").strip())
    ]
    place = " ".join(part for part in (contact.zipcode, contact.city) if part)
    if address := records.join_lines([contact.street, place, contact.state, contact.country]):
        ways.append(Way("map-pin", _("Address"), address))
    return ways
