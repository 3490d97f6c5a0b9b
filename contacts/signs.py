"""What two companies may have in common that suggests that they are the same, normalised to be compared."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from offorte_portal.text.keys import compact, company_key, full_coc_number

FIELDS = ("name", "email", "internet", "vat_number", "coc_number")
# Mail providers and social networks: an address there says nothing about the company.
SHARED_DOMAINS = frozenset({
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.nl", "outlook.com", "live.nl", "live.com", "icloud.com",
    "me.com", "yahoo.com", "ziggo.nl", "kpnmail.nl", "planet.nl", "home.nl", "hetnet.nl", "xs4all.nl", "upcmail.nl",
    "telenet.be", "skynet.be", "proton.me", "protonmail.com", "facebook.com", "linkedin.com", "instagram.com",
})  # fmt: skip
# What is shorter is no number or name of a company, whatever stands in its place.
SHORTEST_VAT, SHORTEST_COC, SHORTEST_NAME = 8, 5, 3
_DUTCH_VAT_LENGTH = 12


class Sign(StrEnum):
    """What two companies have in common, the most reliable sign first."""

    VAT = "vat_number"
    COC = "coc_number"
    EMAIL = "email"
    DOMAIN = "domain"
    NAME = "name"


class Mark(NamedTuple):
    """A sign with the normalised value that is compared."""

    sign: Sign
    text: str


def marks_of(fields: Mapping[str, Any]) -> Iterator[Mark]:
    """Yield the marks by which a company can match others. `fields` has texts by the names in FIELDS, or None."""
    name, email, website, vat, coc = (str(fields.get(field) or "") for field in FIELDS)
    if len(vat := vat_key(vat)) >= SHORTEST_VAT:
        yield Mark(Sign.VAT, vat)
    if len(coc := coc_key(coc)) >= SHORTEST_COC:
        yield Mark(Sign.COC, coc)
    email = email.strip().casefold()
    if "@" in email:
        yield Mark(Sign.EMAIL, email)
    yield from {Mark(Sign.DOMAIN, domain) for domain in domains(email, website)}
    if len(key := company_key(name)) >= SHORTEST_NAME:
        yield Mark(Sign.NAME, key)


def vat_key(number: str) -> str:
    """Return a VAT number as it is compared, "" for one without digits; a Dutch one may lack its "NL"."""
    key = compact(number)
    if len(key) == _DUTCH_VAT_LENGTH and key[:9].isdecimal() and key[9] == "b":
        key = f"nl{key}"
    return key if any(map(str.isdigit, key)) else ""


def coc_key(number: str) -> str:
    """Return a chamber of commerce number as it is compared, with the leading zero that spreadsheets drop."""
    key = compact(str(full_coc_number(number)))
    return key if any(map(str.isdigit, key)) else ""


def domains(email: str, website: str) -> Iterator[str]:
    """Yield the domains of an e-mail address and a website that belong to the company itself."""
    website = website.strip().casefold()
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        host = ""
    for domain in (host.removeprefix("www."), email.rpartition("@")[2].strip().casefold()):
        if "." in domain and domain not in SHARED_DOMAINS:
            yield domain
