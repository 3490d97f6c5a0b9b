"""Repricing products.

new price = old price × (1 + percent / 100) + amount, computed exactly and then rounded to a multiple of the rounding
step: the nearest one (halfway goes away from zero), the next one up or the next one down. A product without a known
price is left out, unless the person chose to start from the last price without VAT in a proposal of its account.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, VatGroup
from offorte_portal.jobs.action import Action, Choice, Options, Rule, Skip, Step
from offorte_portal.jobs.amounts import DIRECTIONS, LARGEST, clean_amount, round_to
from offorte_portal.jobs.fields import change, choose, described, other_account
from offorte_portal.jobs.parameters import to_json
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.prices.identity import Identity, identify
from offorte_portal.prices.memory import Remembered, recall
from proposals.currencies import read_currencies

# What forms and stored options say for yes.
CHOSEN = (True, "true", "True", "on", "yes", "1")


class Reprice(Action[Product]):
    """Changes prices by a percentage and an amount, rounds them, and optionally changes the VAT group too."""

    name = "products.reprice"
    label = _("Reprice")
    permission = "catalog.reprice_product"
    model = Product
    target = "products"
    columns = ("name", "price", "vat_remote_id", "sku", "descr_short")
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
        if options.get("from_memory") in CHOSEN:
            cleaned["from_memory"] = True
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
        if "from_memory" in options:
            texts.append(str(_("unknown prices from proposals")))
        if "vat_group" in options:
            texts.append(options["name"])
        return f"{self.label}: {', '.join(texts)}"

    def fields(self, options: Options) -> tuple[str, ...]:
        return ("price", "vat_id") if "vat_group" in options else ("price",)

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out products without a known price and, with a VAT group, products of other accounts."""
        if not may_recall(choice):
            yield Rule(Q(price__isnull=True), JobReason.PRICE_UNKNOWN())
        if "vat_group" in choice.options:
            yield other_account(choice.options)

    def plan(self, rows: Sequence[Product], choice: Choice) -> Iterator[Step | Skip]:
        """Yield a change to the new price and VAT group, as far as they differ from what the product has."""
        options = choice.options
        factor, amount = 1 + Decimal(options["percent"]) / 100, Decimal(options["amount"])
        remembered = recall_unknown(rows) if may_recall(choice) else {}
        for row in rows:
            old = remembered.get(row.pk)
            known = old.price if old else row.price
            if known is None:
                yield Skip(JobReason.PRICE_NOT_REMEMBERED())
                continue
            price = round_to(known * factor + amount, Decimal(options["rounding"]), options["direction"])
            if price < 0:
                yield Skip(JobReason.PRICE_NEGATIVE())
            elif price > LARGEST:
                yield Skip(JobReason.PRICE_TOO_LARGE())
            elif draft := differences(row, price, options):
                write = change(self.target, row, draft)
                write.note = say_source(old) if old else ""
                yield Step([write])
            else:
                yield Skip(JobReason.ALREADY_SO())


def may_recall(choice: Choice) -> bool:
    """Return whether the person chose to start from remembered prices, and may see them."""
    return "from_memory" in choice.options and choice.by.has_perm("prices.view_pricememory")


def recall_unknown(rows: Sequence[Product]) -> dict[int, Remembered]:
    """Return the last price of each product whose own is unknown: without VAT, in its account and that's currency."""
    wanted: dict[int, dict[int, Identity]] = defaultdict(dict)
    for row in rows:
        if row.price is None:
            wanted[row.connection_id][row.pk] = identify(row)
    currencies, found = read_currencies(wanted), {}
    for account, identities in wanted.items():
        remembered = recall(account, identities.values())
        for key, identity in identities.items():
            first = remembered.get(identity)
            last = first.with_basis(includes_vat=False) if first and first.connection_id == account else None
            if last and last.currency == currencies[account]:
                found[key] = last
    return found


def say_source(remembered: Remembered) -> str:
    """Write what a price was computed from."""
    return gettext("computed from %(price)s in %(proposal)s") % {
        "price": f"{remembered.price.normalize():f}",
        "proposal": remembered.source or "–",
    }


def differences(row: Product, price: Decimal, options: Options) -> dict[str, Any]:
    """Return the fields to write: those that differ from what the product has."""
    draft: dict[str, Any] = {"price": to_json(price)} if price != row.price else {}
    if "vat_group" in options and row.vat_remote_id != options["remote_id"]:
        draft["vat_id"] = options["remote_id"]
    return draft
