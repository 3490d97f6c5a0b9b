"""Marks: the values by which companies and people are recognised, in a form that can be compared."""

import re
from typing import Any
from urllib.parse import urlsplit

# Mail providers, whose domains say nothing about a company.
_PROVIDERS = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "gmx.de"}
    | {"gmx.net", "web.de", "t-online.de", "ziggo.nl", "kpnmail.nl", "planet.nl", "xs4all.nl", "telia.com"}
)
_FORMS = re.compile(
    r"\b(?:b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|gmbh|ag|ug|kg|ab|ltd|limited|plc|llc|inc|bvba|srl|holding)(?=\W|$)",
    re.IGNORECASE,
)


def company_marks(details: dict[str, Any]) -> dict[str, str]:
    """Return a company's marks by name; empty ones are left out."""
    email, website = (details.get("email") or "").lower(), details.get("website") or details.get("internet") or ""
    host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    mail_host = email.rpartition("@")[2]
    marks = {
        "vat_number": plain(details.get("vat_number") or ""),
        "coc_number": plain(details.get("coc_number") or ""),
        "email": email,
        "domain": host.removeprefix("www.") or ("" if mail_host in _PROVIDERS else mail_host),
        "name": plain_name(details.get("name") or ""),
        "zipcode": plain(details.get("zipcode") or ""),
    }
    return {name: value for name, value in marks.items() if value}


def person_marks(details: dict[str, Any]) -> dict[str, str]:
    """Return a person's marks by name; empty ones are left out."""
    marks = {
        "email": (details.get("email") or "").lower(),
        "fullname": plain_name(details.get("name") or details.get("fullname") or ""),
    }
    return {name: value for name, value in marks.items() if value}


def identify(name: str, email: str) -> tuple[str, str]:
    """Return what identifies a person within a company: name and e-mail address, in any case and spacing."""
    return " ".join(name.casefold().split()), email.strip().casefold()


def plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper()


def plain_name(text: str) -> str:
    """Return a name in lower case, without legal form and punctuation."""
    return re.sub(r"[\W_]+", " ", _FORMS.sub(" ", text.lower())).strip()
