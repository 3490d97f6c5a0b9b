"""Reasons why an account, or a request to Offorte, failed."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.api.codes import Code
from offorte_portal.runs.reasons import ReasonCode, register


@register
class ApiReason(ReasonCode):
    """The messages of the errors in `api/errors.py`."""

    FAILED = Code.FAILED, _("Something went wrong with Offorte.")
    NOT_CONNECTED = Code.NOT_CONNECTED, _("This account is not connected to Offorte.")
    AUTHENTICATION_FAILED = (
        Code.AUTHENTICATION_FAILED,
        _("Offorte no longer accepts this connection. The account needs to be reconnected."),
    )
    HIDDEN = Code.HIDDEN, _("Offorte hides this item from the portal.")
    NOT_FOUND = Code.NOT_FOUND, _("Offorte could not find this item.")
    GONE = Code.GONE, _("This item was deleted in Offorte.")
    REJECTED = Code.REJECTED, _("Offorte did not accept this.")
    REJECTED_BECAUSE = Code.REJECTED_BECAUSE, "%(detail)s"
    RATE_LIMITED = Code.RATE_LIMITED, _("Offorte isn’t accepting any more requests at the moment.")
    UNAVAILABLE = Code.UNAVAILABLE, _("Offorte can’t be reached at the moment.")
    TIMED_OUT = Code.TIMED_OUT, _("Offorte is taking too long to answer.")
    OUTCOME_UNKNOWN = Code.OUTCOME_UNKNOWN, _("Offorte’s answer was lost, so we don’t know whether this was done.")
    MALFORMED = Code.MALFORMED, _("The portal doesn’t understand Offorte’s answer.")
    NOT_A_LIST = Code.NOT_A_LIST, _("Offorte’s answer isn’t a list.")
    NOT_AN_ITEM = Code.NOT_AN_ITEM, _("Offorte’s answer isn’t a single item.")
    CANT_ANSWER = Code.CANT_ANSWER, _("Offorte can’t answer at the moment.")
    ITEM_NOT_AN_OBJECT = Code.ITEM_NOT_AN_OBJECT, _("Item %(position)s of page %(page)s is not an object.")
    ITEM_WITHOUT_ID = Code.ITEM_WITHOUT_ID, _("Item %(position)s of page %(page)s has no readable ID.")
    SENT_ELSEWHERE = (
        Code.SENT_ELSEWHERE,
        _("Offorte redirected the portal to another address. The portal doesn’t follow redirects."),
    )
    CONNECTION_LOST = Code.CONNECTION_LOST, _("The connection to Offorte was lost.")
    ADDRESS_INVALID = Code.ADDRESS_INVALID, _("The address of Offorte’s API is not valid.")
    CERTIFICATE_INVALID = Code.CERTIFICATE_INVALID, _("Offorte’s certificate can’t be verified.")
    ANSWER_TOO_LONG = Code.ANSWER_TOO_LONG, _("Offorte’s answer is too long.")
    ANSWER_EMPTY = Code.ANSWER_EMPTY, _("Offorte’s answer is empty.")
    TOKEN_UNUSABLE = Code.TOKEN_UNUSABLE, _("The stored token of this account can’t be used.")
    NOT_SENDABLE = Code.NOT_SENDABLE, _("The portal can’t send this to Offorte.")
    UNREADABLE_DATE = Code.UNREADABLE_DATE, _("%(field)s: can’t read %(value)s as a date")
    UNREADABLE_AMOUNT = Code.UNREADABLE_AMOUNT, _("%(field)s: can’t read %(value)s as an amount")
    UNREADABLE_TRUTH = Code.UNREADABLE_TRUTH, _("%(field)s: can’t read %(value)s as yes or no")
    UNREADABLE_NUMBER = Code.UNREADABLE_NUMBER, _("%(field)s: can’t read %(value)s as a whole number")
    UNREADABLE_TEXT = Code.UNREADABLE_TEXT, _("%(field)s: can’t read %(value)s as text")
    UNREADABLE_LIST = Code.UNREADABLE_LIST, _("%(field)s: can’t read %(value)s as a list")
    AN_OBJECT = Code.AN_OBJECT, _("an object")
    A_LIST = Code.A_LIST, _("a list")
    TOO_MANY_DIGITS = Code.TOO_MANY_DIGITS, _("One of the numbers has too many digits to send to Offorte exactly.")


@register
class ConnectionReason(ReasonCode):
    """Reasons why an account could not be connected, or can't be used."""

    KEY_MISSING = (
        "connections.key_missing",
        _(
            "The encryption key for this account is missing or wrong. Put the original key back into "
            "PORTAL_ENCRYPTION_KEYS, or enter the client secret again and reconnect."
        ),
    )
    RECONNECT = "connections.reconnect", _("The account needs to be reconnected.")
    DISCONNECTED_BY = "connections.disconnected_by", _("Disconnected by %(name)s.")
    TOO_MANY_WAITING = (
        "connections.too_many_waiting",
        _("Offorte is slow and many people are waiting for it. Try again in a minute."),
    )
    NOT_HTTPS = (
        "connections.not_https",
        _("Offorte’s address doesn’t use https, so the portal sends no tokens or secrets there."),
    )
    ADDRESSES_DIFFER = (
        "connections.addresses_differ",
        _("Offorte’s two addresses must both use https, or both be on this machine."),
    )
    NOT_RENEWABLE = (
        "connections.not_renewable",
        _("Offorte gave no refresh token. The account needs to be reconnected when its token expires."),
    )
    STILL_RENEWING = "connections.still_renewing", _("Another process is still renewing the token.")
    GRANT_REFUSED = (
        "connections.grant_refused",
        _("Offorte no longer accepts the access it gave. The account needs to be reconnected."),
    )
    CLIENT_REFUSED = (
        "connections.client_refused",
        _("Offorte refused the client ID or the client secret. Correct them, then connect again."),
    )
    TOKEN_MISSING = "connections.token_missing", _("Offorte’s answer contains no token.")
    REFRESH_TOKEN_UNREADABLE = (
        "connections.refresh_token_unreadable",
        _("Offorte’s answer contains no readable refresh token."),
    )
    CANT_ANSWER = "connections.cant_answer", _("Offorte can’t answer at the moment. Try again later.")
    ACCOUNT_UNKNOWN = "connections.account_unknown", _("Offorte does not know this account. Check the account name.")
    TOKEN_REFUSED = "connections.token_refused", _("Offorte refused to issue a token.")
    TOKEN_REFUSED_FOR = "connections.token_refused_for", _("Offorte refused to issue a token (%(error)s).")
    NOT_ALLOWED = "connections.not_allowed", _("You don’t have permission to connect Offorte accounts.")
    NOT_GRANTED = (
        "connections.not_granted",
        _("Access wasn’t granted in Offorte. Connect again and allow access."),
    )
    NOT_SAID_WHY = "connections.not_said_why", _("Offorte didn’t grant access and gave no reason. Try again later.")
    STRAY_ANSWER = (
        "connections.stray_answer",
        _(
            "This answer doesn’t belong to a connection that you started in this browser in the last "
            "ten minutes. Start again here."
        ),
    )
    APP_REFUSED = (
        "connections.app_refused",
        _("Offorte doesn’t allow this app to connect. Check the app in Offorte’s settings."),
    )
    REQUEST_NOT_UNDERSTOOD = (
        "connections.request_not_understood",
        _("Offorte did not understand the request. Check the client ID and callback URL."),
    )
    SERVER_ERROR = "connections.server_error", _("Offorte could not answer. Try again later.")
    NOT_AVAILABLE = "connections.not_available", _("Offorte is not available at the moment. Try again later.")
