"""Behaviours that the reference leaves open, as switches that can be changed while the simulator runs."""

from dataclasses import dataclass
from typing import Literal

Vintage = Literal["2018", "live"]
LogWords = Literal["plain", "capitals", "dutch", "vague"]
LogNames = Literal["owner", "connected", "nobody"]
LogDates = Literal["happened", "told"]
MailMessages = Literal["placeholders", "filled", "html", "escaped"]
MailDates = Literal["printed", "stamped", "iso"]


@dataclass(slots=True)
class Switches:
    """How this Offorte behaves where its documentation allows more than one behaviour."""

    vintage: Vintage = "live"
    """Field names, prices and dates: as the reference prints them, or as the live service is known to answer."""
    past_the_end: Literal["empty", "not_found", "repeat"] = "empty"
    """The answer to a page past the last one: an empty list, a 404, or the last page again."""
    created_body: Literal["id", "named", "empty"] = "id"
    """Answer to a created company, person, directory or webhook: `id`, `company_id` (and so on), or no body."""
    removed_status: Literal[410, 404] = 410
    """Status for an item that once existed; one that never did answers 404."""
    product_list: Literal["names", "full"] = "names"
    """Products in a list: `id` and `name` as documented, or everything."""
    comment_event: Literal["proposal", "comment"] = "proposal"
    """Data of `proposal_comment_received`: the proposal's details, or the comment with its own id and `proposal_id`."""
    has_retry_after: bool = True
    """Whether a 429 of the rate limit carries `Retry-After`."""
    rotates_refresh_tokens: bool = True
    """Whether a refresh answers a new refresh token; reuse of an old one then ends all tokens of that consent."""
    refresh_ends_access_token: bool = True
    """Whether the old access token stops working when its refresh token is used."""
    echoes_state: bool = True
    """Whether the answer to an authorization request repeats `state`."""
    tells_token_lifetime: bool = True
    """Whether token answers carry `expires_in`."""
    log_words: LogWords = "plain"
    """How the history is written: as the reference does, with capitals, in Dutch, or only that something changed."""
    log_names: LogNames = "owner"
    """Whom the history names for what an application did: the proposal's owner, who connected it, or nobody."""
    log_lag: int = 0
    """Seconds after which the history tells of what a user or an application did."""
    log_dates: LogDates = "happened"
    """The date of an entry that is told late: when it happened, or when it is told."""
    mail_messages: MailMessages = "placeholders"
    """A mail's message in the details: with placeholders as in the reference, filled in, HTML, or lines as `\\n`."""
    mail_dates: MailDates = "printed"
    """When a mail was sent: `15 jun 2018 (06:49)` as in the reference, with seconds, or as ISO 8601."""
