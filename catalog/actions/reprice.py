"""Repricing products.

new price = old price × (1 + percent / 100) + amount, computed exactly and then rounded to a multiple of the rounding
step: the nearest one (halfway goes away from zero), the next one up or the next one down. A product without a known
price is left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, VatGroup
from offorte_portal.jobs.action import Action, Choice, Options, Rule, Skip, Step
from offorte_portal.jobs.amounts import DIRECTIONS, LARGEST, clean_amount, round_to
from offorte_portal.jobs.fields import change, choose, described, other_account
from offorte_portal.jobs.parameters import to_json
from offorte_portal.jobs.reasons import JobReason


class Reprice(Action[Product]):
    """Changes prices by a percentage and an amount, rounds them, and optionally changes the VAT group too."""

    name = "products.reprice"
    label = _("Reprice")
    permission = "catalog.reprice_product"
    model = Product
    target = "products"
    columns = ("name", "price", "vat_remote_id")
    is_computed = True

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return percentage, amount, rounding, direction and VAT group. Raises ValidationError by option."""
        cleaned: Options = {
            "percent": clean_amount(options.get("percent") or 0, "percent", lowest=-100),
            "amount": clean_amount(options.get("amount") or 0, "amount"),
            "rounding": clean_amount(options.get("rounding") or "0.01", "rounding"),
            "direction": options.get("direction") or "nearest",
        }
        if Decimal(cleaned["rounding"]) <= 0:
            raise ValidationError({"rounding": _("Enter a number above zero.")})
        if cleaned["direction"] not in DIRECTIONS:
            raise ValidationError({"direction": _("Choose how to round.")})
        if options.get("vat_group"):
            group = choose(VatGroup, options["vat_group"], "vat_group")
            cleaned |= {"vat_group": group.pk} | described(group)
        return cleaned

    def describe(self, options: Options) -> str:
        """Return the label with the changes, such as “+3.5%, +1.00, rounded to 0.05”."""
        texts = []
        if Decimal(options["percent"]):
            texts.append(f"{Decimal(options['percent']):+f}%")
        if Decimal(options["amount"]):
            texts.append(f"{Decimal(options['amount']):+f}")
        texts.append(str(_("rounded to %(step)s") % {"step": options["rounding"]}))
        if "vat_group" in options:
            texts.append(options["name"])
        return f"{self.label}: {', '.join(texts)}"

    def fields(self, options: Options) -> tuple[str, ...]:
        return ("price", "vat_id") if "vat_group" in options else ("price",)

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out products without a known price and, with a VAT group, products of other accounts."""
        yield Rule(Q(price__isnull=True), JobReason.PRICE_UNKNOWN())
        if "vat_group" in choice.options:
            yield other_account(choice.options)

    def plan(self, rows: Sequence[Product], choice: Choice) -> Iterator[Step | Skip]:
        """Yield a change to the new price and VAT group, as far as they differ from what the product has."""
        options = choice.options
        factor, amount = 1 + Decimal(options["percent"]) / 100, Decimal(options["amount"])
        for row in rows:
            exact = (row.price or Decimal(0)) * factor + amount
            price = round_to(exact, Decimal(options["rounding"]), options["direction"])
            if price < 0:
                yield Skip(JobReason.PRICE_NEGATIVE())
            elif price > LARGEST:
                yield Skip(JobReason.PRICE_TOO_LARGE())
            else:
                draft = differences(row, price, options)
                yield Step([change(self.target, row, draft)]) if draft else Skip(JobReason.ALREADY_SO())


def differences(row: Product, price: Decimal, options: Options) -> dict[str, Any]:
    """Return the fields to write: those that differ from what the product has."""
    draft: dict[str, Any] = {"price": to_json(price)} if price != row.price else {}
    if "vat_group" in options and row.vat_remote_id != options["remote_id"]:
        draft["vat_id"] = options["remote_id"]
    return draft
