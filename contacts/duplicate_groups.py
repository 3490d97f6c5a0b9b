"""Groups of companies that may be the same: same VAT or chamber number, e-mail address, domain or name.

Groups never span accounts, since companies of two accounts can't be merged.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from contacts.duplicates import SHARED_DOMAINS
from contacts.models import Company

FIELDS = ("name", "email", "internet", "vat_number", "coc_number")
LEGAL_FORMS = frozenset({"bv", "nv", "vof", "cv", "bvba", "srl", "sa", "gmbh", "ag", "ltd", "llc", "inc", "holding"})
# Domains that say nothing about a company.
OF_NOBODY = frozenset(SHARED_DOMAINS | {"facebook.com", "linkedin.com", "instagram.com"})
# A domain shared by more companies than this belongs to a group or a provider.
MOST_OF_DOMAIN = 5


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


class Group(NamedTuple):
    """The keys of companies that may be the same, and what they have in common."""

    keys: list[int]
    signs: list[Sign]


def duplicate_groups(connection_id: int) -> list[Group]:
    """Return all groups of an account, the most reliable first. One query; half a second for 50,000 companies."""
    rows = Company.objects.filter(connection=connection_id).present().values("pk", *FIELDS)
    holders: dict[Mark, list[int]] = defaultdict(list)
    for row in rows.iterator():
        for mark in marks_of(row):
            holders[mark].append(row["pk"])
    # A mark of several companies suggests that they are the same.
    shared = {
        mark: keys
        for mark, keys in holders.items()
        if len(keys) > 1 and (mark.sign != Sign.DOMAIN or len(keys) <= MOST_OF_DOMAIN)
    }
    return sorted(joined(shared), key=lambda group: (list(Sign).index(group.signs[0]), group.keys))


def marks_of(fields: Mapping[str, Any]) -> Iterator[Mark]:
    """Yield the marks by which a company can match others."""
    if len(vat := re.sub(r"[^A-Z0-9]", "", fields["vat_number"].upper())) >= 8:
        yield Mark(Sign.VAT, vat)
    if len(coc := re.sub(r"\D", "", fields["coc_number"])) >= 7:
        yield Mark(Sign.COC, coc.zfill(8))
    email = fields["email"].strip().lower()
    if "@" in email:
        yield Mark(Sign.EMAIL, email)
    yield from {Mark(Sign.DOMAIN, domain) for domain in domains(email, fields["internet"])}
    if len(name := plain_name(fields["name"])) >= 3:
        yield Mark(Sign.NAME, name)


def domains(email: str, website: str) -> Iterator[str]:
    """Yield the domains of an e-mail address and a website that belong to the company itself."""
    website = website.strip().lower()
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        host = ""
    for domain in (email.rpartition("@")[2], host.removeprefix("www.")):
        if "." in domain and domain not in OF_NOBODY:
            yield domain


def plain_name(name: str) -> str:
    """Return the name without case, accents, punctuation and legal form."""
    letters = "".join(char for char in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(char))
    # Without dots, so that “B.V.” is one word.
    words = re.findall(r"\w+", letters.replace(".", ""))
    return " ".join(word for word in words if word not in LEGAL_FORMS)


def joined(shared: Mapping[Mark, list[int]]) -> Iterator[Group]:
    """Yield the groups that shared marks connect, directly or through other companies."""
    parents: dict[int, int] = {}
    for keys in shared.values():
        for key in keys[1:]:
            parents[root(parents, key)] = root(parents, keys[0])
    members: dict[int, set[int]] = defaultdict(set)
    signs: dict[int, set[Sign]] = defaultdict(set)
    for mark, keys in shared.items():
        top = root(parents, keys[0])
        members[top].update(keys)
        signs[top].add(mark.sign)
    for top, keys_of_group in members.items():
        yield Group(sorted(keys_of_group), sorted(signs[top], key=list(Sign).index))


def root(parents: dict[int, int], key: int) -> int:
    """Return the key that represents the group of `key` in the union-find forest `parents`."""
    while (parent := parents.get(key, key)) != key:
        # Path halving, which shortens later look-ups.
        parents[key] = parents.get(parent, parent)
        key = parent
    return key
