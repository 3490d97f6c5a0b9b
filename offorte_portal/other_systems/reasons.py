"""The reasons why another system could not be read, and why a quote is not copied to Offorte."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from offorte_portal.runs.reasons import ReasonCode, register


@register
class SourceReason(ReasonCode):
    """The texts of the errors in `systems/errors.py`, and of items that could not be read."""

    FAILED = "other_systems.failed", _("Something went wrong in the other system.")
    REFUSED = "other_systems.refused", _("The system rejected the credentials, or they don’t give access to quotes.")
    LIST_REFUSED = (
        "other_systems.list_refused",
        _("The system rejected the credentials, or they lack the permission %(right)s."),
    )
    RIGHT_MISSING = (
        "other_systems.right_missing",
        _("The system refused access. Check that the credentials have the permission %(right)s."),
    )
    NOT_ALLOWED = (
        "other_systems.not_allowed",
        _("The system refused access. Check that the credentials give access to %(things)s."),
    )
    WRONG_ADDRESS = (
        "other_systems.wrong_address",
        _("This isn’t the address of the system’s API. Check the base URL."),
    )
    MISSING = "other_systems.missing", _("This doesn’t exist in the other system.")
    REJECTED = "other_systems.rejected", _("The system rejected the request. Check the settings of this connection.")
    BUSY = "other_systems.busy", _("The system is getting too many requests right now.")
    UNAVAILABLE = "other_systems.unavailable", _("We can’t reach the system right now.")
    TOO_SLOW = "other_systems.too_slow", _("The system takes too long to respond.")
    MALFORMED = "other_systems.malformed", _("The system sent an answer that the portal can’t read.")
    ELSEWHERE = (
        "other_systems.elsewhere",
        _("This address redirects to another one, which the portal doesn’t follow. Check the base URL."),
    )
    NOT_CONFIDENTIAL = (
        "other_systems.not_confidential",
        _("The base URL must start with https://, so that the credentials can’t be intercepted."),
    )
    PRIVATE = (
        "other_systems.private",
        _(
            "This address is in a private network, which the portal doesn’t access. If it’s your own network, ask "
            "the administrator of your portal to allow it (PORTAL_PRIVATE_NETWORKS)."
        ),
    )
    TOO_LONG = "other_systems.too_long", _("The system’s answer is too large.")
    NOT_VERIFIED = "other_systems.not_verified", _("The certificate of this address can’t be verified.")
    SECRET_UNFIT = (
        "other_systems.secret_unfit",
        _("The stored credentials contain characters that can’t be sent. Enter them again."),
    )
    SECRET_UNREADABLE = (
        "other_systems.secret_unreadable",
        _("The portal can’t decrypt the stored credentials. Enter them again."),
    )
    UNKNOWN_SYSTEM = "other_systems.unknown_system", _("The portal no longer supports this system.")
    SWITCHED_OFF = (
        "other_systems.switched_off",
        _(
            "This system’s API is in beta, and beta systems are turned off (PORTAL_BETA_SYSTEMS). Imported quotes "
            "stay, but nothing new is imported."
        ),
    )
    NOT_THERE = "other_systems.not_there", _("There’s no list of quotes at this address. Check the base URL.")
    NOT_READ_YET = "other_systems.not_read_yet", _("This hasn’t been read yet.")
    ODD_ANSWER = (
        "other_systems.odd_answer",
        _("The portal can’t read this answer. See the portal’s log for details."),
    )
    UNREAD = (
        "other_systems.unread",
        _("We couldn’t read these %(things)s: %(examples)s (%(count)s in total). %(error)s"),
    )
    ENTRIES_UNREADABLE = (
        "other_systems.entries_unreadable",
        _("%(count)s items in the list were skipped because they have no usable ID or can’t be stored."),
    )
    LIST_UNREADABLE = "other_systems.list_unreadable", _("We couldn’t read the list of %(things)s. %(error)s")
    PAGE_UNREADABLE = "other_systems.page_unreadable", _("We couldn’t read page %(page)s of the list. %(error)s")


@register
class Thing(ReasonCode):
    """What the portal reads from other systems, as a part of sentences."""

    QUOTES = "other_systems.thing.quotes", pgettext_lazy("read from another system", "quotes")
    CUSTOMERS = "other_systems.thing.customers", pgettext_lazy("read from another system", "customers")
    CONTACTS = "other_systems.thing.contacts", pgettext_lazy("read from another system", "contacts")
    ARTICLES = "other_systems.thing.articles", pgettext_lazy("read from another system", "articles")
    OPPORTUNITIES = "other_systems.thing.opportunities", pgettext_lazy("read from another system", "opportunities")
    ORDERS = "other_systems.thing.orders", pgettext_lazy("read from another system", "orders")
    UNITS = "other_systems.thing.units", pgettext_lazy("read from another system", "units of articles")
    GROUPS = "other_systems.thing.groups", pgettext_lazy("read from another system", "groups of articles")


@register
class CopyReason(ReasonCode):
    """The reasons why a quote is not copied to Offorte."""

    MADE = "other_systems.copy.made", _("This quote has already been copied to Offorte.")
    UNDER_WAY = "other_systems.copy.under_way", _("This quote is already being copied to Offorte.")
    UNKNOWN = (
        "other_systems.copy.unknown",
        _("We don’t know yet whether this quote was copied to Offorte. Check the outcome first."),
    )
    BLOCKED = "other_systems.copy.blocked", _("Resolve the warning on this quote first.")
    NOBODY = "other_systems.copy.nobody", _("This quote has no customer.")
    UNDECIDED = "other_systems.copy.undecided", _("Confirm the customer’s match in Offorte first.")
    NAMELESS = "other_systems.copy.nameless", _("The customer has no name, so it can’t be created in Offorte.")
    OTHER_ACCOUNT = "other_systems.copy.other_account", _("The customer is in another Offorte account.")
    OTHER_CURRENCY = "other_systems.copy.other_currency", _("This quote isn’t in the currency of the account.")
    GONE = "other_systems.copy.gone", _("This quote no longer exists in the other system.")
