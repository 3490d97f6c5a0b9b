"""Codes of what can go wrong with Offorte; their texts are in `connections/reasons.py`."""

from enum import StrEnum


class Code(StrEnum):
    """Error codes, each with the values that its comment names."""

    FAILED = "api.failed"
    NOT_CONNECTED = "api.not_connected"
    AUTHENTICATION_FAILED = "api.authentication_failed"
    HIDDEN = "api.hidden"
    NOT_FOUND = "api.not_found"
    GONE = "api.gone"
    REJECTED = "api.rejected"
    REJECTED_BECAUSE = "api.rejected_because"  # detail: Offorte's own reason
    RATE_LIMITED = "api.rate_limited"
    UNAVAILABLE = "api.unavailable"
    TIMED_OUT = "api.timed_out"
    OUTCOME_UNKNOWN = "api.outcome_unknown"
    MALFORMED = "api.malformed"
    NOT_A_LIST = "api.not_a_list"
    NOT_AN_ITEM = "api.not_an_item"
    CANT_ANSWER = "api.cant_answer"
    ITEM_NOT_AN_OBJECT = "api.item_not_an_object"  # position, page
    ITEM_WITHOUT_ID = "api.item_without_id"  # position, page
    SENT_ELSEWHERE = "api.sent_elsewhere"
    CONNECTION_LOST = "api.connection_lost"
    ADDRESS_INVALID = "api.address_invalid"
    CERTIFICATE_INVALID = "api.certificate_invalid"
    ANSWER_TOO_LONG = "api.answer_too_long"
    ANSWER_EMPTY = "api.answer_empty"
    TOKEN_UNUSABLE = "api.token_unusable"  # noqa: S105 - a code
    NOT_SENDABLE = "api.not_sendable"
    # What can't be read of an item: field, value
    UNREADABLE_DATE = "api.unreadable_date"
    UNREADABLE_AMOUNT = "api.unreadable_amount"
    UNREADABLE_TRUTH = "api.unreadable_truth"
    UNREADABLE_NUMBER = "api.unreadable_number"
    UNREADABLE_TEXT = "api.unreadable_text"
    UNREADABLE_LIST = "api.unreadable_list"
    AN_OBJECT = "api.an_object"
    A_LIST = "api.a_list"
    TOO_MANY_DIGITS = "api.too_many_digits"
