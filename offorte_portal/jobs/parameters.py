"""Offorte's parameters: the column that mirrors each, what people call it, and how its values are shown."""

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
    """The column of the mirror that holds the parameter; `company_contacts` has none."""
    return TARGETS[target].columns.get(parameter, parameter)


def known(target: str, row: Mirrored, parameters: Iterable[str]) -> dict[str, Any]:
    """What the mirror knows of these parameters of a row, fit for JSON; what it does not know is left out."""
    values = {parameter: getattr(row, column(target, parameter)) for parameter in parameters}
    return {parameter: to_json(value) for parameter, value in values.items() if value is not None}


def to_json(value: Any) -> Any:
    """A column's value as a draft holds it: amounts as text, with two decimals where they need no more."""
    if not isinstance(value, Decimal):
        return value
    cents = value.quantize(Decimal("0.01"))
    return str(cents if cents == value else value.normalize())


def label(target: str, parameter: str) -> StrOrPromise:
    """What people call the parameter."""
    if parameter == "company_contacts":
        return gettext_lazy("Contacts")
    if parameter in NAMED:
        return capfirst(NAMED[parameter]._meta.verbose_name or parameter)
    model = TARGETS[target].resource.model
    return capfirst(model._meta.get_field(column(target, parameter)).verbose_name)  # type: ignore[union-attr]


class Thing(NamedTuple):
    """What a remote id stands for."""

    model: type[Mirrored]
    connection_id: int
    remote_id: int


class Names:
    """Shows values as people read them, and asks the mirror for each name once."""

    def __init__(self) -> None:
        self._names: dict[Thing, str] = {}

    def show(self, parameter: str, value: Any, connection_id: int) -> str:
        """A parameter's value in words; "" for none."""
        if isinstance(value, list):
            return ", ".join(self.show(parameter, one, connection_id) for one in value)
        if parameter in NAMED and isinstance(value, int):
            return self.name(Thing(NAMED[parameter], connection_id, value))
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if parameter in {"price", "price_total"} and value is not None:
            return number_format(Decimal(str(value)), decimal_pos=2, use_l10n=True, force_grouping=True)
        if parameter == "status":
            return str(Proposal.Status(value).label) if value in Proposal.Status.values else str(value)
        return "" if value is None else str(value)

    def name(self, thing: Thing) -> str:
        """What is called so, or its number where the mirror does not have it."""
        if thing not in self._names:
            rows = thing.model._default_manager.filter(connection=thing.connection_id, remote_id=thing.remote_id)
            row = rows.defer("payload").first()
            self._names[thing] = str(row) if row else f"#{thing.remote_id}"
        return self._names[thing]
