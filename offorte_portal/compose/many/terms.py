"""The choices for all rows of a file of proposals; a row's own cells take precedence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from offorte_portal.compose.document import ID_CHARACTERS, Table
from offorte_portal.compose.many.recipe import Recipe, clean_recipe
from offorte_portal.files.imports.parsing import parse_percent
from offorte_portal.mirror.models import Mirrored

Json = dict[str, Any]
# The choices of who receives a proposal whose row names nobody.
WHO = ("everyone", "only", "nobody")
PLAIN = ("who", "table", "vat", "makes_missing", "again")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """`table` is the price table for rows that don't name one, `vat` the rate of rows without one; "" for none.

    With `makes_missing` companies and people that Offorte doesn't have are created; with `again` a proposal is created
    even if its company has one of that name.
    """

    recipe: Recipe
    who: str = "everyone"
    table: str = ""
    vat: str = ""
    makes_missing: bool = False
    again: bool = False

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        return cls(recipe=Recipe.load(stored), **{name: stored[name] for name in PLAIN})

    def dump(self) -> Json:
        return self.recipe.dump() | {name: getattr(self, name) for name in PLAIN}


def clean_terms(things: Mapping[str, Mirrored], options: Mapping[str, Any], tables: list[Table]) -> Terms:
    """Return terms of the chosen rows, by the reference's parameter. Raises ValidationError by option."""
    who = options.get("who") or "everyone"
    if who not in WHO:
        raise ValidationError({"who": _("Choose who will receive the proposals.")})
    recipe = clean_recipe(things, options.get("pattern"), tables)
    vat = str(options.get("vat") or "").strip()
    try:
        vat = parse_percent(vat) if vat else ""
    except ValidationError as error:
        raise ValidationError({"vat": error.messages}) from None
    return Terms(
        recipe=recipe,
        who=who,
        table=str(options.get("table") or "").replace("\x00", "").strip()[:ID_CHARACTERS],
        vat=vat,
        makes_missing=bool(options.get("makes_missing")),
        again=bool(options.get("again")),
    )
