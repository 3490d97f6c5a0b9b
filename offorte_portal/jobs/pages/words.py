"""Jobs as text for people: what they do, their state, their results."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.adminkit import operations as operation_words
from offorte_portal.adminkit.words import count_things, number
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


def describe_left(minutes: int | None) -> str:
    """Return the time left as text; "" if it is unknown."""
    if minutes is None:
        return ""
    if minutes < 1:
        return _("less than a minute left")
    return ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes) % {"count": minutes}
