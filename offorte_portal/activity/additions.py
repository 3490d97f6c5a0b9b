"""The newest activity, on the home page."""

from typing import Any

from offorte_portal.activity.pages.entries import entries_of, with_proposals
from offorte_portal.activity.pages.words import FeedItem
from offorte_portal.adminkit.additions import HomeCard, add_to_home
from offorte_portal.staff.scope import Scope

RECENT = 6


def read_recent(scope: Scope) -> dict[str, Any]:
    """Return the newest entries for the home card. One query."""
    entries = entries_of(scope.user, scope.who, scope.account.pk if scope.account else None)
    return {"recent": [FeedItem(entry) for entry in with_proposals(entries)[:RECENT]]}


add_to_home(HomeCard("activity/_home_card.html", read_recent))
