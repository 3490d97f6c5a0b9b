"""Marks: the values by which companies and people are recognised, in a form that can be compared."""

from typing import Any

from contacts.signs import coc_key, domains, vat_key
from offorte_portal.text.keys import compact, company_key, match_key


def company_marks(details: dict[str, Any]) -> dict[str, str]:
    """Return a company's marks by name; empty ones are left out."""
    email, website = details.get("email") or "", details.get("website") or details.get("internet") or ""
    marks = {
        "vat_number": vat_key(details.get("vat_number") or ""),
        "coc_number": coc_key(details.get("coc_number") or ""),
        "email": email.strip().casefold(),
        "domain": next(domains(email, website), ""),
        "name": company_key(details.get("name") or ""),
        "zipcode": compact(details.get("zipcode") or ""),
    }
    return {name: value for name, value in marks.items() if value}


def person_marks(details: dict[str, Any]) -> dict[str, str]:
    """Return a person's marks by name; empty ones are left out."""
    marks = {
        "email": (details.get("email") or "").strip().casefold(),
        "fullname": match_key(details.get("name") or details.get("fullname") or ""),
    }
    return {name: value for name, value in marks.items() if value}


def identify(name: str, email: str) -> tuple[str, str]:
    """Return what identifies a person within a company: name and e-mail address, in any spelling of `match_key`."""
    return match_key(name), email.strip().casefold()
