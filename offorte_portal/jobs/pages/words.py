"""Jobs as text for people: what they do, their state, their results."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.adminkit import operations as operation_words
from offorte_portal.adminkit.words import count_things, number
from offorte_portal.jobs.estimate import Estimate
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.registry import ACTIONS
from offorte_portal.writes.models import Operation

PILLS = {
    Job.State.PLANNING: "info",
    Job.State.RUNNING: "info",
    Job.State.PAUSED: "warn",
    Job.State.DONE: "good",
    Job.State.CANCELLED: "edit",
}
# The order in which results are shown: what needs a person comes first.
STATES = (
    Operation.State.UNKNOWN,
    Operation.State.REJECTED,
    Operation.State.FAILED,
    Operation.State.WAITING,
    Operation.State.SENDING,
    Operation.State.DONE,
    Operation.State.SKIPPED,
    Operation.State.CANCELLED,
    Operation.State.UNDONE,
)
FAILED = (Operation.State.REJECTED, Operation.State.FAILED, Operation.State.UNKNOWN)


@dataclass(frozen=True)
class Tally:
    """The number of a job's writes in one state."""

    state: str
    label: str
    pill: str
    count: int


def describe(job: Job) -> str:
    """Return what the job does with the selection, as text for people."""
    action = ACTIONS.get(job.action)
    return action.describe(job.options) if action else job.action


def size(job: Job) -> str:
    """Return the number of selected rows: "340 proposals"."""
    action = ACTIONS.get(job.action)
    if action is None:
        return ngettext("%(count)s item", "%(count)s items", job.size) % {"count": number(job.size)}
    return count_things(action.model, job.size)


def tally(counts: Mapping[str, int]) -> list[Tally]:
    """Return the states that have writes, those that need a person first."""
    return [
        Tally(state.value, str(state.label), operation_words.PILLS[state], counts[state])
        for state in STATES
        if counts.get(state)
    ]


def describe_left(left: Estimate | None) -> str:
    """Return the time left as text, with what goes to changes that were queued before; "" if it is unknown."""
    if left is None:
        return ""
    minutes = ngettext("about %(count)d minute left", "about %(count)d minutes left", left.minutes)
    text = minutes % {"count": left.minutes}
    if not left.minutes_before:
        return text
    before = ngettext(
        "%(minutes)s of them for %(count)s change queued before",
        "%(minutes)s of them for %(count)s changes queued before",
        left.before,
    )
    return f"{text}, {before % {'minutes': left.minutes_before, 'count': number(left.before)}}"


def describe_outcome(job: Job, counts: Mapping[str, int]) -> str:
    """Return how far the job is and what became of its writes: "120 of 340, 3 failed"."""
    states = tally(counts)
    if not job.is_active:
        return ", ".join(describe_count(each) for each in states)
    pending = sum(counts.get(state, 0) for state in Operation.PENDING)
    action = ACTIONS.get(job.action)
    ended = job.planned if action is not None and action.is_read else sum(counts.values()) - pending
    total = max(job.size, ended + pending)
    parts = [_("%(ended)s of %(total)s") % {"ended": number(ended), "total": number(total)}]
    return ", ".join([*parts, *(describe_count(each) for each in states if each.state in FAILED)])


def describe_count(tally: Tally) -> str:
    """Return the number of writes in a state as text: "3 failed"."""
    return f"{number(tally.count)} {tally.label.lower()}"
