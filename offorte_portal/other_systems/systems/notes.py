"""Notes on what a mapper was not sure of. The texts are English, and translated where they are shown."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_noop

from offorte_portal.text.reason import Reason


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of note. A blocking one has to be settled before the quote can be copied to Offorte."""

    text: str
    is_blocking: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a person should know about a quote: the code of its kind, and the values for the kind's text.

    The value `reason` of what could not be read says why.
    """

    code: str
    values: dict[str, str | Reason] = field(default_factory=dict)


KINDS: dict[str, Kind] = {
    "money_scale": Kind(
        gettext_noop("The unit of the amounts is not known yet. An administrator settles it with one known quote."),
        is_blocking=True,
    ),
    "precision": Kind(
        gettext_noop("The amount has a precision of %(precision)s decimals, which can't be right."), is_blocking=True
    ),
    "customer_missing": Kind(gettext_noop("The quote has no customer.")),
    "customer_nameless": Kind(gettext_noop("The customer has no name.")),
    "customer_is_seller": Kind(gettext_noop("The quote names no customer: its company, %(company)s, is the seller.")),
    "quote_unread": Kind(gettext_noop("This may be out of date, because the quote couldn't be read again. %(reason)s")),
    "quote_odd": Kind(
        gettext_noop("What the system says about this quote can't be shown. %(reason)s"), is_blocking=True
    ),
    "customer_unread": Kind(gettext_noop("The customer's details couldn't be read. %(reason)s")),
    "person_unread": Kind(gettext_noop("The contact's details couldn't be read. %(reason)s")),
    "article_unread": Kind(gettext_noop("The details of an article couldn't be read. %(reason)s")),
    "order_unread": Kind(gettext_noop("The order that the quote became couldn't be read. %(reason)s")),
    "opportunity_unread": Kind(gettext_noop("The reason why the quote was lost couldn't be read. %(reason)s")),
    "person_missing": Kind(gettext_noop("No person with an e-mail address is named.")),
    "status_unknown": Kind(gettext_noop("The status “%(status)s” is not known: it is taken for open.")),
    "discount_unclear": Kind(
        gettext_noop("The system gives a discount (%(discount)s). It doesn't say whether the total includes it.")
    ),
    "status_closed": Kind(gettext_noop("The status “%(status)s” is not known: it is taken for closed.")),
    "lost_unclear": Kind(gettext_noop("The system does not say whether an archived quote was lost.")),
    "total_missing": Kind(gettext_noop("The quote has no total.")),
    "total_differs": Kind(gettext_noop("The rows add up to %(rows)s, but the quote says %(total)s.")),
    "currency_assumed": Kind(gettext_noop("The system does not say the currency: %(currency)s is assumed.")),
    "currency_missing": Kind(gettext_noop("The currency is not known.")),
    "currencies_mixed": Kind(gettext_noop("The rows are in other currencies than the quote: %(currencies)s.")),
    "rows_missing": Kind(gettext_noop("The quote has no rows.")),
    "rows_lumped": Kind(gettext_noop("The system does not tell the rows: one row stands for all of them.")),
    "rows_unread": Kind(
        gettext_noop("The quote has %(count)s rows whose form is not known. They are kept as they came.")
    ),
    "pricing_opaque": Kind(gettext_noop("The prices come in a form that is not known. They are kept as they came.")),
    "contract_value": Kind(gettext_noop("The total is the contract value; for a subscription that may be per period.")),
    "price_missing": Kind(gettext_noop("The price of “%(row)s” is missing.")),
    "quantity_missing": Kind(gettext_noop("The quantity of “%(row)s” is missing: 1 is taken.")),
    "vat_unknown": Kind(gettext_noop("The VAT of the rows is not known: the default is taken.")),
    "vat_odd": Kind(gettext_noop("The VAT comes to %(percentage)s%%, so several rates are probably mixed.")),
    "unreadable": Kind(gettext_noop("“%(field)s” could not be read: %(value)s")),
}


def is_blocking(code: str) -> bool:
    """Return whether a note of this kind has to be settled first; False for a kind that no longer exists."""
    kind = KINDS.get(code)
    return kind is not None and kind.is_blocking
