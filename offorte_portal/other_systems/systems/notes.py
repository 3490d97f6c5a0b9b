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
        gettext_noop(
            "We don’t know yet which unit the amounts are in. An administrator can choose it on the system’s page."
        ),
        is_blocking=True,
    ),
    "precision": Kind(gettext_noop("The amount has %(precision)s decimals, which can’t be right."), is_blocking=True),
    "customer_missing": Kind(gettext_noop("The quote has no customer.")),
    "customer_nameless": Kind(gettext_noop("The customer has no name.")),
    "customer_is_seller": Kind(gettext_noop("The quote has no customer. Its company, %(company)s, is the seller.")),
    "quote_unread": Kind(gettext_noop("This may be out of date, because we couldn’t read the quote again. %(reason)s")),
    "quote_odd": Kind(gettext_noop("We can’t show the details of this quote. %(reason)s"), is_blocking=True),
    "customer_unread": Kind(gettext_noop("We couldn’t read the customer’s details. %(reason)s")),
    "person_unread": Kind(gettext_noop("We couldn’t read the contact’s details. %(reason)s")),
    "article_unread": Kind(gettext_noop("We couldn’t read the details of an article. %(reason)s")),
    "order_unread": Kind(gettext_noop("We couldn’t read the order that came from this quote. %(reason)s")),
    "opportunity_unread": Kind(gettext_noop("We couldn’t read why the quote was lost. %(reason)s")),
    "person_missing": Kind(gettext_noop("The quote has no contact with an e-mail address.")),
    "status_unknown": Kind(gettext_noop("Unknown status “%(status)s”: the quote counts as open.")),
    "discount_unclear": Kind(
        gettext_noop("The quote has a discount (%(discount)s). The system doesn’t say whether the total includes it.")
    ),
    "status_closed": Kind(gettext_noop("Unknown status “%(status)s”: the quote counts as closed.")),
    "lost_unclear": Kind(gettext_noop("The quote is archived. The system doesn’t say whether it was lost.")),
    "total_missing": Kind(gettext_noop("The quote has no total.")),
    "total_differs": Kind(gettext_noop("The rows add up to %(rows)s, but the total of the quote is %(total)s.")),
    "currency_assumed": Kind(gettext_noop("The system doesn’t give a currency, so we assume %(currency)s.")),
    "currency_missing": Kind(gettext_noop("The currency is unknown.")),
    "currencies_mixed": Kind(gettext_noop("Some rows are in another currency than the quote: %(currencies)s.")),
    "rows_missing": Kind(gettext_noop("The quote has no rows.")),
    "rows_lumped": Kind(
        gettext_noop("The system doesn’t give the rows of the quote, so one row stands for all of them.")
    ),
    "rows_unread": Kind(
        gettext_noop("The quote has %(count)s rows that the portal can’t read. They’re kept with the original data.")
    ),
    "pricing_opaque": Kind(
        gettext_noop("The portal can’t read how the prices are built up. They’re kept with the original data.")
    ),
    "contract_value": Kind(
        gettext_noop("The total is the contract value, which may be per period for a subscription.")
    ),
    "price_missing": Kind(gettext_noop("The price of “%(row)s” is missing.")),
    "quantity_missing": Kind(gettext_noop("The quantity of “%(row)s” is missing, so we assume 1.")),
    "vat_unknown": Kind(
        gettext_noop("The VAT rate of the rows is unknown. The default rate applies when you copy the quote.")
    ),
    "vat_odd": Kind(gettext_noop("The VAT comes to %(percentage)s%%, so the quote probably has several rates.")),
    "unreadable": Kind(gettext_noop("We couldn’t read “%(field)s”: %(value)s")),
}


def is_blocking(code: str) -> bool:
    """Return whether a note of this kind has to be settled first; False for a kind that no longer exists."""
    kind = KINDS.get(code)
    return kind is not None and kind.is_blocking
