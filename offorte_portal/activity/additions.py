"""The newest activity on the home page and on those of companies and people, and why proposals were lost."""

from typing import Any

from offorte_portal.activity.folding import only_newest
from offorte_portal.activity.pages.entries import entries_of, with_proposals
from offorte_portal.activity.pages.history import history_panel
from offorte_portal.activity.pages.words import show
from offorte_portal.activity.reasons import explain_operations
from offorte_portal.activity.telling import tell
from offorte_portal.adminkit.additions import Additions, HomeCard, add_to_home, register
from offorte_portal.adminkit.timeline import explain_with
from offorte_portal.staff.scope import Scope

RECENT = 6


def read_recent(scope: Scope) -> dict[str, Any]:
    """Return the newest entries for the home card, those of one job as one. Three queries."""
    entries = entries_of(scope.user, scope.who, scope.account.pk if scope.account else None)
    newest = list(with_proposals(only_newest(entries, entries))[:RECENT])
    stories = tell(newest, entries, is_mine=scope.is_mine)
    return {"recent": [show(story, scope.user, story.members) for story in stories]}


explain_with(explain_operations)
add_to_home(HomeCard("activity/_home_card.html", read_recent))
register("contacts.company", Additions(record_panel=history_panel))
register("contacts.person", Additions(record_panel=history_panel))
