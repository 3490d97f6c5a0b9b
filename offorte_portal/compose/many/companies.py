"""The company that a row of a file names: by Offorte's id, VAT number, CoC number or name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from contacts.models import Company
from contacts.signs import coc_key, vat_key
from offorte_portal.compose.many.entries import Entry
from offorte_portal.compose.many.terms import Terms
from offorte_portal.compose.reasons import ManyReason
from offorte_portal.connections.models import Connection
from offorte_portal.text.keys import company_key, is_same_company_name, match_key, near_company_key

# The reference's parameters of a company to create, by the file's fields.
DRAFTED = {"company": "name", "vat_number": "vat_number", "coc_number": "coc_number", "city": "city"}
AT_ONCE = 900


class NewCompany(dict[str, Any]):
    """A company to create first, by the reference's parameters; one instance for all rows that name it."""


class Companies:
    """The companies that a file may name, read once."""

    def __init__(self, connection: Connection, entries: Sequence[Entry], terms: Terms) -> None:
        self.terms = terms
        self.by: dict[str, dict[Any, list[Company]]] = {
            name: defaultdict(list) for name in ("company_id", "vat_number", "coc_number", "company")
        }
        self.new: dict[str, NewCompany] = {}
        for company in _find(connection, entries):
            self.by["company_id"][company.remote_id].append(company)
            for name in ("company", "vat_number", "coc_number"):
                if key := _key(name, getattr(company, DRAFTED[name])):
                    self.by[name][key].append(company)

    def settle(self, entry: Entry) -> None:
        """Set the entry's company, or the draft of a new one; if it is neither, that is a problem."""
        for name in ("company_id", "vat_number", "coc_number", "company"):
            if name not in entry.values:
                continue
            value = entry.values[name]
            found = self.by[name].get(_key(name, value), [])
            if name == "company" and len(found) > 1:
                found = [company for company in found if match_key(company.name) == match_key(value)] or found
            if len(found) == 1:
                entry.company = found[0]
                # A number decides; that its company has another name than the row says is pointed out.
                named = entry.values.get("company", "")
                if name != "company" and named and not is_same_company_name(named, found[0].name):
                    entry.first.hints.append(ManyReason.COMPANY_NAMED(name=str(found[0])))
                return
            if found:
                ids = ", ".join(f"#{company.remote_id}" for company in found[:5])
                entry.fail(ManyReason.SEVERAL_COMPANIES(name=value, ids=ids))
                return
            if name == "company_id":
                entry.fail(ManyReason.NO_COMPANY_ID(id=value))
                return
        self._make(entry)

    def _make(self, entry: Entry) -> None:
        name = entry.values.get("company", "")
        label = name or entry.values.get("vat_number") or entry.values.get("coc_number")
        if not label:
            entry.fail(ManyReason.COMPANY_UNTOLD())
        elif not self.terms.makes_missing:
            entry.fail(ManyReason.NO_COMPANY(name=label))
        elif not name:
            entry.fail(ManyReason.NO_COMPANY_NAMELESS(name=label))
        else:
            draft = {DRAFTED[key]: value for key, value in entry.values.items() if key in DRAFTED}
            entry.company = self.new.setdefault(company_key(name), NewCompany(draft))
            entry.first.hints.append(ManyReason.COMPANY_MADE(name=name))


def _find(connection: Connection, entries: Sequence[Entry]) -> Iterable[Company]:
    """Return the companies with any of the numbers or names."""
    present = Company.objects.present().filter(connection=connection, is_hidden=False)
    kept = ("connection_id", "remote_id", "name", "city", "vat_number", "coc_number")
    ids = {entry.values["company_id"] for entry in entries if "company_id" in entry.values}
    names = {near_company_key(str(entry.values["company"])) for entry in entries if "company" in entry.values}
    found: dict[int, Company] = {}
    for condition in (*_in("remote_id", ids), *_in("match_key", names)):
        found |= {company.pk: company for company in present.filter(condition).only(*kept)}
    # People write these numbers in many ways, so no index finds them.
    for column in ("vat_number", "coc_number"):
        numbers = {_key(column, entry.values[column]) for entry in entries if column in entry.values} - {""}
        if numbers:
            all_of = present.exclude(**{column: ""}).values_list("pk", column)
            keys = [pk for pk, number in all_of.iterator() if _key(column, number) in numbers]
            for some in _in("pk", set(keys) - found.keys()):
                found |= {company.pk: company for company in present.filter(some).only(*kept)}
    return found.values()


def _in(column: str, values: Iterable[Any]) -> Iterable[Q]:
    ordered = sorted(values)
    return (Q(**{f"{column}__in": ordered[start : start + AT_ONCE]}) for start in range(0, len(ordered), AT_ONCE))


def _key(name: str, value: Any) -> Any:
    if name == "company_id":
        return value
    return {"company": company_key, "vat_number": vat_key, "coc_number": coc_key}[name](str(value))
