"""How rows of a file become products, with directories and VAT groups that are already in Offorte."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import get_language

from catalog.models import Product, ProductDirectory, VatGroup
from offorte_portal.connections.models import Connection
from offorte_portal.files.imports.keys import Keys, told
from offorte_portal.files.imports.kinds.kind import Kind, Named, Values, known_id, text
from offorte_portal.files.reasons import ImportReason
from offorte_portal.text.amounts import read_percentage
from offorte_portal.text.keys import match_key
from offorte_portal.text.reason import Reason


class Products(Kind):
    """Recognises products by SKU, or by name within their directory."""

    model = Product
    target = "products"
    order = ("id", "sku", "name")
    strict = ("sku",)
    doubtful = ("anywhere",)
    columns = ("name", "sku", "directory_remote_id")
    key_fields = {"sku": "sku", "name": "name"}
    texts = frozenset({"name", "descr_short"})

    def __init__(self, connection: Connection, options: Mapping[str, Any], by: User) -> None:
        super().__init__(connection, options, by)
        directories = ProductDirectory.objects.present().filter(connection=connection)
        self._directories = Named(directories.values_list("remote_id", "name"))
        groups = list(VatGroup.objects.present().filter(connection=connection))
        self._groups = Named((group.remote_id, group.name) for group in groups)
        self._rates: dict[Any, list[int]] = defaultdict(list)
        for group in groups:
            self._rates[group.vat].append(group.remote_id)

    def prepare(self, values: Values, hints: list[Reason]) -> Iterator[Reason]:
        """Replace the directory and the VAT group by their ids; yield problems."""
        if "directory" in values:
            name = values.pop("directory")
            found = self._directories.find(name)
            if len(found) == 1:
                values["directory_id"] = found[0]
            else:
                yield self._unclear(name, found, ImportReason.NO_DIRECTORY(name=name))
        if "vat" in values:
            name = values.pop("vat")
            found = self._groups.find(name, is_id=False)
            if not found:
                # A rate, as people write it: 21, 21% or 21,00 %.
                found = self._rates.get(read_percentage(name, get_language() or ""), [])
            if len(found) == 1:
                values["vat_id"] = found[0]
            else:
                yield self._unclear(name, found, ImportReason.NO_VAT_GROUP(name=name))

    @staticmethod
    def _unclear(name: str, found: list[int], none: Reason) -> Reason:
        return ImportReason.SEVERAL_CALLED(name=name) if found else none

    def recognise(self, values: Values) -> Keys:
        """Return keys of SKU and of name within the directory; the same name elsewhere is only a suggestion."""
        directory = values.get("directory_id") or values.get("directory_remote_id")
        name = match_key(self.name_of(values))
        return told(
            id=known_id(values),
            sku=text(values, "sku").casefold(),
            name=f"{directory} {name}" if directory and name else "",
            anywhere=name,
        )

    def name_of(self, values: Values) -> str:
        return text(values, "name")

    def parent(self, values: Values) -> int | None:
        """Return the id of the directory."""
        return values.get("directory_id")

    def creation(self, values: Values) -> Values:
        """Return the values without the directory, which is part of the URL."""
        return {name: value for name, value in self.draft(values).items() if name != "directory_id"}
