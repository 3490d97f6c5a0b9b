"""Drafts: who may edit which, saving without overwriting a colleague, and creating the proposal once."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from offorte_portal import ports
from offorte_portal.compose.mapping import to_request
from offorte_portal.compose.models import Draft
from offorte_portal.staff.access import OTHERS
from offorte_portal.text.spellings import spell_lines
from offorte_portal.writes import asking, control
from offorte_portal.writes.models import Operation

PERMISSION = "proposals.add_proposal"
State = Operation.State
# The end states of an operation that created nothing, so that its draft can be changed again.
UNMADE = (State.REJECTED, State.FAILED, State.CANCELLED)
COLUMNS = (
    "name",
    "company_remote_id",
    "contacts",
    "owner_remote_id",
    "proposal_template_remote_id",
    "design_template_remote_id",
    "text_template_remote_id",
    "automations_set_remote_id",
    "tables",
    "value",
    "is_shared",
)


class SavedMeanwhileError(Exception):
    """Somebody else has saved the draft since the form was opened, or has had it created."""


def visible(user: User) -> QuerySet[Draft]:
    """Return the drafts that the person may edit: their own and shared ones, or everybody's."""
    if not user.has_perm(PERMISSION):
        return Draft.objects.none()
    return (
        Draft.objects.all() if user.has_perm(OTHERS) else Draft.objects.filter(Q(created_by=user) | Q(is_shared=True))
    )


def unfinished(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Return those drafts that have not become a proposal."""
    return drafts.exclude(operation__state=State.DONE)


def is_open(draft: Draft) -> bool:
    """Return whether the draft can still be changed: it is neither created nor on its way."""
    return draft.operation is None or draft.operation.state in UNMADE


def begin(draft: Draft, *, key: uuid.UUID, by: User) -> Draft:
    """Store a new draft; the same form sent twice is one draft. Raises SavedMeanwhileError."""
    values = {name: getattr(draft, name) for name in COLUMNS}
    marks = {"created_by": by, "saved_by": by, "saved_at": ports.now(), "saved_key": key}
    kept, is_new = Draft.objects.get_or_create(key=key, defaults={"connection": draft.connection, **values, **marks})
    return kept if is_new else save(kept, values, version=1, key=key, by=by)


def save(draft: Draft, values: dict[str, Any], *, version: int, key: uuid.UUID, by: User) -> Draft:
    """Save a form that was opened at this version. Raises SavedMeanwhileError, and then nothing is saved.

    `key` is the form's: a form that is sent again overwrites what it saved itself.
    """
    with transaction.atomic():
        locked = _lock(draft)
        if not is_open(locked) or (locked.version != version and locked.saved_key != key):
            raise SavedMeanwhileError
        for name in COLUMNS:
            setattr(locked, name, values[name])
        locked.version += 1
        locked.saved_by, locked.saved_at, locked.saved_key = by, ports.now(), key
        locked.save()
    return locked


def ask_for(draft: Draft, *, by: User) -> Operation:
    """Return the one operation of a valid draft, created or restarted where needed, to be performed.

    Raises SavedMeanwhileError if the draft has changed since it was checked, Rejected if the reference forbids it.
    """
    with transaction.atomic():
        locked = _lock(draft)
        if locked.operation is not None and not is_open(locked):
            return locked.operation
        if locked.version != draft.version:
            raise SavedMeanwhileError
        verb, body = Operation.Verb.CREATE, to_request(locked)
        asked = asking.compose(connection=locked.connection, verb=verb, target="proposals", draft=body, by=by)
        if locked.operation is None:
            asked.save(force_insert=True)
            Draft.objects.filter(pk=locked.pk).update(operation=asked)
            return asked
        # An operation that created nothing is restarted, with the draft as it is now.
        earlier = Operation.objects.filter(pk=locked.operation.pk)
        unmade = earlier.filter(state__in=UNMADE)
        named = {"label": asked.label, "search_text": spell_lines(asked.label)}
        if unmade.update(draft=asked.draft, dedup_key=asked.dedup_key, remote_id=None, **named):
            control.restart(earlier, by)
        locked.operation.refresh_from_db()
        return locked.operation


def _lock(draft: Draft) -> Draft:
    locked = Draft.objects.select_for_update(of=("self",)).select_related("connection", "operation")
    return locked.get(pk=draft.pk)


def delete(draft: Draft) -> bool:
    """Discard a draft; return False if it is on its way or created."""
    with transaction.atomic():
        if not is_open(_lock(draft)):
            return False
        Draft.objects.filter(pk=draft.pk).delete()
    return True
