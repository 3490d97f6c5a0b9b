"""How rows of a file become people, of companies that are in Offorte or are created first."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import User

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.files.imports.company_names import CREATE, CompanyNames
from offorte_portal.files.imports.keys import Keys, told
from offorte_portal.files.imports.kinds.kind import ADDRESS_TEXTS, Kind, Values, known_id, text
from offorte_portal.files.reasons import ImportReason
from offorte_portal.text.keys import match_key
from offorte_portal.text.reason import Reason

# Options of an upload: what is chosen by name of a company, whether all unknown ones are created, what is offered.
COMPANIES, CREATES, OFFERS = "companies", "creates", "offers"


class People(Kind):
    """Recognises people by e-mail address or name, within their company."""

    model = Person
    target = "people"
    order = ("id", "email", "name")
    doubtful = ("anywhere",)
    columns = ("fullname", "firstname", "lastname", "email", "company_remote_id")
    key_fields = {"email": "email", "name": "fullname"}
    texts = frozenset({"fullname", "firstname", "lastname", "salutation", "mobile"} | ADDRESS_TEXTS)

    def __init__(self, connection: Connection, options: Mapping[str, Any], by: User) -> None:
        super().__init__(connection, options, by)
        companies = Company.objects.present().filter(connection=connection, is_hidden=False)
        self._companies = CompanyNames(companies.values_list("remote_id", "name").iterator())
        self._chosen: Mapping[str, str] = options.get(COMPANIES, {})

    def prepare(self, values: Values, hints: list[Reason]) -> Iterator[Reason]:
        """Fill in the full name from its parts, and the id of the company; yield problems."""
        if "fullname" not in values and (parts := [values[p] for p in ("firstname", "lastname") if p in values]):
            values["fullname"] = " ".join(parts)
        if "company" not in values:
            return
        name = values["company"]
        found = self._companies.find(name)
        if not found:
            self._companies.unknown[name] += 1
            found = self._choose(name)
        if len(found) > 1:
            yield ImportReason.SEVERAL_COMPANIES(name=name)
        elif found:
            values["parent"] = found[0]
            theirs = self._companies.name(found[0]) or ""
            if match_key(theirs) != match_key(name) and not name.isdecimal():
                hints.append(ImportReason.COMPANY_TAKEN(name=name, theirs=theirs))
        elif self._is_created(name):
            values["new_company"] = name
            hints.append(ImportReason.COMPANY_CREATED(name=name))
        else:
            yield ImportReason.NO_COMPANY(name=name)

    def _choose(self, name: str) -> list[int]:
        """Return the company that a person chose for this name, if Offorte still has it."""
        chosen = self._chosen.get(match_key(name), "")
        return [int(chosen)] if chosen.isdecimal() and self._companies.name(int(chosen)) is not None else []

    def _is_created(self, name: str) -> bool:
        chosen = self._chosen.get(match_key(name), "")
        return chosen == CREATE or (bool(self.options.get(CREATES)) and not chosen and not self._companies.close(name))

    def findings(self) -> dict[str, Any]:
        return {OFFERS: self._companies.offers()}

    def recognise(self, values: Values) -> Keys:
        """Return keys of address and name within the company; the same address elsewhere is only a suggestion."""
        company = values.get("parent") or values.get("company_remote_id") or match_key(text(values, "new_company"))
        email, name = text(values, "email").casefold(), match_key(self.name_of(values))
        return told(
            id=known_id(values),
            email=f"{company} {email}" if company and email else "",
            name=f"{company} {name}" if company and name else "",
            anywhere=email,
        )

    def name_of(self, values: Values) -> str:
        """Return the full name, or its parts."""
        parts = f"{text(values, 'firstname')} {text(values, 'lastname')}".strip()
        return text(values, "fullname") or parts

    def draft(self, values: Values) -> Values:
        """Return the values without the company, which is part of the URL."""
        return {name: value for name, value in super().draft(values).items() if name not in {"company", "new_company"}}

    def company_to_create(self, values: Values) -> Values | None:
        """Return a draft with the name that the file gives the company."""
        return {"name": values["new_company"]} if "new_company" in values else None

    def parent(self, values: Values) -> int | None:
        """Return the id of the company."""
        return values.get("parent")

    def refuse_change(self, values: Values, row: Any) -> Reason | None:
        """Return a reason where the person's company is unknown or would change: Offorte can't move people."""
        if row.company_remote_id is None:
            return ImportReason.PERSONS_COMPANY_UNKNOWN()
        if values.get("parent", row.company_remote_id) != row.company_remote_id:
            return ImportReason.PERSON_ELSEWHERE()
        return None
