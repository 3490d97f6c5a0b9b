"""Companies that a new company may duplicate."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext as _

from contacts.models import Company
from offorte_portal.connections.models import Connection

Json = dict[str, Any]
MOST = 8
# Mail providers: a mailbox there says nothing about the company.
SHARED_DOMAINS = {
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.nl", "outlook.com", "live.nl", "live.com", "icloud.com",
    "me.com", "yahoo.com", "ziggo.nl", "kpnmail.nl", "planet.nl", "home.nl", "hetnet.nl", "xs4all.nl", "upcmail.nl",
    "telenet.be", "skynet.be", "proton.me", "protonmail.com",
}  # fmt: skip
# Legal forms at the end of a name, which are ignored in a comparison.
LEGAL_FORMS = ("b.v.", "bv", "n.v.", "nv", "v.o.f.", "vof", "bvba", "gmbh")
SEPARATORS = " .-"


@dataclass(frozen=True)
class Duplicate:
    """An existing company, and what it has in common with the new one."""

    company: Company
    reason: str


def find_duplicates(connection: Connection, asked: Json) -> list[Duplicate]:
    """Return companies of the account with the same VAT or chamber number, e-mail, domain or name; one query."""
    values = {key: str(asked.get(key) or "") for key in ("name", "vat_number", "coc_number", "email", "internet")}
    vat, chamber = compact(values["vat_number"]), compact(values["coc_number"])
    domain = domain_of(values["email"], values["internet"])
    names = spellings(values["name"])
    present = Company.objects.present().filter(connection=connection)
    found = present.annotate(vat_key=_compacted("vat_number"), coc_key=_compacted("coc_number"), name_low=Lower("name"))
    condition = Q(name_low__in=names)
    condition |= Q(vat_key=vat) if vat else Q()
    condition |= Q(coc_key=chamber) if chamber else Q()
    condition |= Q(email__iexact=values["email"]) if values["email"] else Q()
    if domain:
        condition |= Q(email__iendswith=f"@{domain}") | Q(internet__icontains=domain)
    rows: list[Any] = list(found.filter(condition).order_by("name_key")[:MOST])
    return [Duplicate(row, _reason(row, vat, chamber, values["email"], names)) for row in rows]


def _reason(row: Any, vat: str, chamber: str, email: str, names: list[str]) -> str:
    if vat and row.vat_key == vat:
        return _("same VAT number")
    if chamber and row.coc_key == chamber:
        return _("same chamber of commerce number")
    if row.name_low in names:
        return _("same name")
    return _("same e-mail address") if email and row.email.lower() == email.lower() else _("same domain")


def compact(number: str) -> str:
    """Return the number in lower case without spaces, dots and hyphens."""
    return "".join(character for character in number.lower() if character not in SEPARATORS)


def _compacted(column: str) -> Any:
    expression: Any = Lower(F(column))
    for separator in SEPARATORS:
        expression = Replace(expression, Value(separator), Value(""), output_field=TextField())
    return expression


def domain_of(email: str, internet: str) -> str:
    """Return the domain of the website, or else of the e-mail address; "" where it is shared or missing."""
    url = internet.strip().lower()
    try:
        host = urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:
        host = ""
    host = host.removeprefix("www.") or email.rpartition("@")[2].strip().lower()
    return host if "." in host and host not in SHARED_DOMAINS else ""


def spellings(name: str) -> list[str]:
    """Return the name in lower case, without a legal form and with each of them."""
    plain = " ".join(name.lower().split())
    bare = next((plain.removesuffix(f" {form}") for form in LEGAL_FORMS if plain.endswith(f" {form}")), plain)
    bare = bare.rstrip(",")
    return sorted({plain, bare, *(f"{bare} {form}" for form in LEGAL_FORMS)}) if bare else []
