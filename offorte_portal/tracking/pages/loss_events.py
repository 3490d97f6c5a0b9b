"""Reasons of a loss that were given or corrected, as events in the timeline of a proposal: who, when and what."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from offorte_portal.adminkit.timeline import Event
from offorte_portal.mirror.history import Code, read_history
from offorte_portal.tracking.losses import Why, describe, describe_why, why_of
from offorte_portal.tracking.models import Loss
from proposals.models import Proposal

# A correction ends the loss before it in the same moment; another loss comes after the proposal was reopened.
SAME_MOMENT = timedelta(seconds=1)
NOTHING: dict[str, Any] = {"reason": None, "words": "", "competitor": ""}
# Where nothing was said.
UNSAID = "–"


def read_events(proposal: Proposal) -> Iterator[Event]:
    """Yield each reason that was corrected, or was given for what was lost in Offorte.

    The reason that was given with a change of ours is told with that change. One query; none if it was never lost.
    """
    if not _was_lost(proposal):
        return
    earlier: Loss | None = None
    for loss in Loss.objects.filter(proposal=proposal).select_related("reason", "by").order_by("pk"):
        if earlier and _corrects(loss, earlier):
            before, after = _differences(why_of(earlier), why_of(loss))
            if before != after:
                what = _("changed the lost reason: %(before)s → %(after)s")
                yield _event(loss, what % {"before": before or UNSAID, "after": after or UNSAID})
        elif loss.operation_id is None and loss.ended_at is None:
            yield _event(loss, _("gave the lost reason: %(reason)s") % {"reason": describe(loss)})
        earlier = loss


def _differences(before: Why, after: Why) -> tuple[str, str]:
    """Return what each of them says, without what both say."""
    same = {name: value for name, value in NOTHING.items() if getattr(before, name) == getattr(after, name)}
    return describe_why(replace(before, **same)), describe_why(replace(after, **same))


def _was_lost(proposal: Proposal) -> bool:
    if proposal.status == Proposal.Status.LOST:
        return True
    return any(entry.code == Code.LOST for entry in read_history(proposal.log_entries.all()))


def _corrects(loss: Loss, earlier: Loss) -> bool:
    """Return whether it takes the place of the earlier one, with its change if that has one."""
    ended = earlier.ended_at
    return ended is not None and earlier.operation_id is None and abs(loss.at - ended) < SAME_MOMENT


def _event(loss: Loss, what: str) -> Event:
    name = (loss.by.get_full_name() or loss.by.username) if loss.by else _("Someone")
    return Event(loss.at, name, what, "pencil", is_client=False)
