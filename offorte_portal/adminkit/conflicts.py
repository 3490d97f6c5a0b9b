"""Edit conflicts: a record that changed after its form was opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from offorte_portal.adminkit.forms import RecordForm, is_same
from offorte_portal.adminkit.moments import naturaltime
from offorte_portal.mirror.models import Mirrored
from offorte_portal.writes.models import Operation

Json = dict[str, Any]
MINE, THEIRS = "mine", "theirs"
# Most recent changes of a record in which authors are looked up.
LOOKED_THROUGH = 20


@dataclass(frozen=True)
class Difference:
    """A field in conflict, with its three values as text; empty where there is none."""

    name: str
    label: str
    opened: str
    theirs: str
    mine: str
    who: str
    choice: str


def find_conflicts(opened: Json, changes: Json, now: Json) -> Json:
    """Return the current values, by name, of fields that the person changed and somebody else changed differently."""
    return {
        name: now[name]
        for name, mine in changes.items()
        if now.get(name) is not None and not is_same(now[name], opened.get(name)) and not is_same(now[name], mine)
    }


def compare(form: RecordForm, changes: Json, conflicts: Json, *, opened: Json, data: Any) -> list[Difference]:
    """Return what the page shows of each field in conflict; `data` holds choices that were already made."""
    who = find_authors(form.target, form.row, conflicts) if form.row else {}
    return [
        Difference(
            name=name,
            label=str(form[name].label),
            opened=form.show_value(name, opened.get(name)),
            theirs=form.show_value(name, theirs),
            mine=form.show_value(name, changes.get(name)),
            who=who.get(name, ""),
            choice=data.get(f"choice_{name}", ""),
        )
        for name, theirs in conflicts.items()
    ]


def find_authors(target: str, row: Mirrored, conflicts: Json) -> dict[str, str]:
    """Return who set the current values through the portal, by field; Offorte itself does not say who did."""
    found = Operation.objects.filter(connection_id=row.connection_id, target=target, remote_id=row.remote_id)
    done = found.filter(verb=Operation.Verb.CHANGE, state=Operation.State.DONE, finished_at__isnull=False)
    authors: dict[str, str] = {}
    for operation in done.order_by("-pk")[:LOOKED_THROUGH]:
        for name, value in conflicts.items():
            if name not in authors and name in operation.draft and is_same(operation.draft[name], value):
                name_of = operation.requested_by_name or _("someone")
                authors[name] = f"{name_of}, {naturaltime(operation.finished_at or operation.created_at)}"
    return authors


def settle(data: QueryDict, asked: Iterable[str], opened: Json) -> tuple[QueryDict, list[str]]:
    """Return the posted data with the other value wherever it was chosen, and the fields without a choice."""
    settled, undecided = data.copy(), []
    for name in asked:
        choice = data.get(f"choice_{name}")
        if choice not in {MINE, THEIRS}:
            undecided.append(name)
        elif choice == THEIRS:
            held = opened.get(name)
            if isinstance(held, list):
                settled.setlist(name, [str(item) for item in held])
            elif isinstance(held, bool):
                settled[name] = str(held).lower()
            else:
                settled[name] = "" if held is None else str(held)
    return settled, undecided
