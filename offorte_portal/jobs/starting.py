"""Starting a job: one row, whatever the size of the selection; the worker does the rest."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from offorte_portal.jobs.action import Action, Choice, Options
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.planning import enqueue
from offorte_portal.jobs.rights import require_start
from offorte_portal.writes.asking import name_of


def start(
    action: Action[Any],
    *,
    selection: Iterable[int],
    options: Options,
    by: User,
    key: UUID,
    statuses: Mapping[int, str] | None = None,
) -> Job:
    """Create a job for this selection and queue its planning. The same key twice gives the same job.

    `options` are those that `action.clean` returned, `statuses` those of the rows in the preview.
    Raises PermissionDenied.
    """
    chosen = action.narrow(list(dict.fromkeys(selection)), options)
    require_start(action, chosen, Choice(options, by))
    shown = [statuses.get(pk, "") for pk in chosen] if statuses else []
    return create(action=action.name, selection=chosen, options=options, by=by, key=key, statuses=shown)


def create(
    *,
    action: str,
    selection: list[int],
    options: Options,
    by: User,
    key: UUID,
    statuses: Sequence[str] = (),
    undoes: Job | None = None,
) -> Job:
    """Return the job with that key, created and queued unless it exists already."""
    defaults = {
        "action": action,
        "options": options,
        "selection": selection,
        "statuses": list(statuses),
        "size": len(selection),
        "undoes": undoes,
        "requested_by": by,
        "requested_by_name": name_of(by),
    }
    job, is_new = Job.objects.get_or_create(key=key, defaults=defaults)
    if is_new:
        enqueue(job.pk)
    return job
