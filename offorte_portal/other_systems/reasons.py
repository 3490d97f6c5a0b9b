"""The reasons why another system could not be read, and why a quote is not copied to Offorte."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from offorte_portal.runs.reasons import ReasonCode, register


@register
class SourceReason(ReasonCode):
    """The texts of the errors in `systems/errors.py`, and of items that could not be read."""

    FAILED = "other_systems.failed", _("Something went wrong with the other system.")
    REFUSED = "other_systems.refused", _("The system does not accept the secret, or it may not read quotes.")
    LIST_REFUSED = (
        "other_systems.list_refused",
        _("The system does not accept the secret, or the secret lacks the right %(right)s."),
    )
    RIGHT_MISSING = (
        "other_systems.right_missing",
        _("The system refused access. Check that the secret has the right %(right)s."),
    )
    NOT_ALLOWED = (
        "other_systems.not_allowed",
        _("The system refused access. Check that the secret may read %(things)s."),
    )
    WRONG_ADDRESS = (
        "other_systems.wrong_address",
        _("What answers at this address is not the system's API. Check the base URL."),
    )
    MISSING = "other_systems.missing", _("The system has no such item (any more).")
    REJECTED = "other_systems.rejected", _("The system refuses the question. Check the settings of the connection.")
    BUSY = "other_systems.busy", _("The system takes no more requests for the moment.")
    UNAVAILABLE = "other_systems.unavailable", _("The system can't be reached at the moment.")
    TOO_SLOW = "other_systems.too_slow", _("The system answers too slowly.")
    MALFORMED = "other_systems.malformed", _("The system gave an answer that the portal does not understand.")
    ELSEWHERE = (
        "other_systems.elsewhere",
        _("The address leads on to another one, which the portal does not follow. Check the base URL."),
    )
    NOT_CONFIDENTIAL = (
        "other_systems.not_confidential",
        _("The base URL has to be https, so that nobody on the way can read the secret."),
    )
    PRIVATE = (
        "other_systems.private",
        _(
            "This address leads into a private network, where the portal does not go. If it is your own, ask whoever "
            "runs the portal to allow that network (PORTAL_PRIVATE_NETWORKS)."
        ),
    )
    TOO_LONG = "other_systems.too_long", _("The system's answer is too long.")
    NOT_VERIFIED = "other_systems.not_verified", _("The certificate of this address can't be verified.")
    SECRET_UNFIT = (
        "other_systems.secret_unfit",
        _("The stored secret can't be used: it holds characters that no secret has."),
    )
    SECRET_UNREADABLE = (
        "other_systems.secret_unreadable",
        _("The stored secret can't be read with the portal's keys. Enter it anew."),
    )
    UNKNOWN_SYSTEM = "other_systems.unknown_system", _("The portal does not know this system any more.")
    SWITCHED_OFF = (
        "other_systems.switched_off",
        _(
            "The API of this system is a beta, and reading betas is switched off (PORTAL_BETA_SYSTEMS). "
            "What was imported stays; nothing new is read."
        ),
    )
    NOT_THERE = "other_systems.not_there", _("The list of quotes is not at this address. Check the base URL.")
    NOT_READ_YET = "other_systems.not_read_yet", _("This hasn't been read yet.")
    ODD_ANSWER = (
        "other_systems.odd_answer",
        _("The portal couldn't make sense of this answer. The details are in the portal's log."),
    )
    UNREAD = (
        "other_systems.unread",
        _("Couldn't read %(things)s %(examples)s (%(count)s in total). %(error)s"),
    )
    ENTRIES_UNREADABLE = (
        "other_systems.entries_unreadable",
        _("%(count)s entries of the list were left out: they have no usable ID, or a form that can't be stored."),
    )
    LIST_UNREADABLE = "other_systems.list_unreadable", _("The list of %(things)s couldn't be read. %(error)s")
    PAGE_UNREADABLE = "other_systems.page_unreadable", _("Page %(page)s of the list couldn't be read. %(error)s")


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

    MADE = "other_systems.copy.made", _("It was made in Offorte before.")
    UNDER_WAY = "other_systems.copy.under_way", _("It is being made in Offorte already.")
    UNKNOWN = (
        "other_systems.copy.unknown",
        _("Whether it was made in Offorte is not known yet. Settle that first."),
    )
    BLOCKED = "other_systems.copy.blocked", _("Something has to be settled first: see the notes of the quote.")
    NOBODY = "other_systems.copy.nobody", _("It names no customer.")
    UNDECIDED = "other_systems.copy.undecided", _("Who its customer is in Offorte has to be confirmed first.")
    NAMELESS = "other_systems.copy.nameless", _("Its customer has no name, so that it can't be made in Offorte.")
    OTHER_ACCOUNT = "other_systems.copy.other_account", _("Its customer is in another Offorte account.")
    OTHER_CURRENCY = "other_systems.copy.other_currency", _("It is in another currency than the proposals are.")
    GONE = "other_systems.copy.gone", _("It is gone from the other system.")
