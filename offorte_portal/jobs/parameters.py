"""Offorte's parameters: the column that mirrors each, its label, and how its values are shown."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrOrPromise

from catalog.models import ProductDirectory, VatGroup
from contacts.models import Company, Person
from offorte_portal.mirror.models import Mirrored
from offorte_portal.writes.targets import TARGETS
from proposals.models import AccountUser, DesignTemplate, Proposal, TextTemplate

NAMED: Mapping[str, type[Mirrored]] = {
    "account_user_id": AccountUser,
    "company_id": Company,
    "company_contacts": Person,
    "design_template_id": DesignTemplate,
    "text_template_id": TextTemplate,
    "vat_id": VatGroup,
    "directory_id": ProductDirectory,
}


def column(target: str, parameter: str) -> str:
    """Return the mirror's column for the parameter; there is none for `company_contacts`."""
    return TARGETS[target].columns.get(parameter, parameter)


def known(target: str, row: Mirrored, parameters: Iterable[str]) -> dict[str, Any]:
    """Return the row's known values of these parameters, fit for JSON; unknown ones are left out."""
    values = {parameter: getattr(row, column(target, parameter)) for parameter in parameters}
    return {parameter: to_json(value) for parameter, value in values.items() if value is not None}


def to_json(value: Any) -> Any:
    """Return a column's value as drafts hold it: amounts as text, with two decimals unless they need more."""
    if not isinstance(value, Decimal):
        return value
    cents = value.quantize(Decimal("0.01"))
    return str(cents if cents == value else value.normalize())


def label(target: str, parameter: str) -> StrOrPromise:
    """Return the name by which people know the parameter."""
    if parameter == "company_contacts":
        return gettext_lazy("Contacts")
    if parameter in NAMED:
        return capfirst(NAMED[parameter]._meta.verbose_name or parameter)
    model = TARGETS[target].resource.model
    return capfirst(model._meta.get_field(column(target, parameter)).verbose_name)  # type: ignore[union-attr]


class RowKey(NamedTuple):
    """The key of a mirrored row: its model, account and id at Offorte."""

    model: type[Mirrored]
    connection_id: int
    remote_id: int


class Names:
    """Shows values as people read them, and reads each name from the mirror once."""

    def __init__(self) -> None:
        self._names: dict[RowKey, str] = {}

    def show(self, parameter: str, value: Any, connection_id: int) -> str:
        """Return a parameter's value as text for people, "" if there is none."""
        if isinstance(value, list):
            return ", ".join(self.show(parameter, element, connection_id) for element in value)
        if parameter in NAMED and isinstance(value, int):
            return self.name(RowKey(NAMED[parameter], connection_id, value))
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if parameter in {"price", "price_total"} and value is not None:
            return number_format(Decimal(str(value)), decimal_pos=2, use_l10n=True, force_grouping=True)
        if parameter == "status":
            return str(Proposal.Status(value).label) if value in Proposal.Status.values else str(value)
        return "" if value is None else str(value)

    def name(self, key: RowKey) -> str:
        """Return the row's name, or "#" and its id if the mirror doesn't have it."""
        if key not in self._names:
            rows = key.model._default_manager.filter(connection=key.connection_id, remote_id=key.remote_id)
            row = rows.defer("payload").first()
            self._names[key] = str(row) if row else f"#{key.remote_id}"
        return self._names[key]
