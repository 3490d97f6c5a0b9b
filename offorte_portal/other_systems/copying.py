"""Copies quotes of other systems to Offorte with one job, whose operations all exist before the first is sent.

A quote only ever has one operation, and so has a customer that is new to Offorte. If that ended without creating
anything, it is sent again with the new choices; there is never a second one, so that nothing is created twice. Only
where an undo has deleted what it created does the quote or the customer let go of it, and can be copied again.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from contacts.models import Person
from offorte_portal import ports
from offorte_portal.api.errors import Rejected
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.other_systems.actions import COPY
from offorte_portal.other_systems.copy_plan import UNMADE, Choice, Plan, company_draft, known_id, person_draft, plan
from offorte_portal.other_systems.marks import identify
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch
from offorte_portal.ports import queueing
from offorte_portal.text.spellings import spell_lines
from offorte_portal.writes import asking, queue
from offorte_portal.writes.asking import name_of
from offorte_portal.writes.control import restart
from offorte_portal.writes.models import Operation

MOST = 2000
Draft = dict[str, Any]


def start(pks: Sequence[int], choice: Choice, *, by: User, key: uuid.UUID) -> Job:
    """Start a job that copies these quotes, at most MOST, to Offorte; the same key again returns the same job.

    Quotes that can't be copied are kept in the job as skipped, with the reason.
    """
    release_undone()
    with transaction.atomic():
        described = {
            "action": COPY.name,
            "options": {"account": choice.connection.pk, "price_table": choice.price_table},
            "selection": list(pks[:MOST]),
            "size": len(pks[:MOST]),
            "planned": len(pks[:MOST]),
            "state": Job.State.RUNNING,
            "requested_by": by,
            "requested_by_name": name_of(by),
        }
        job, is_new = Job.objects.get_or_create(key=key, defaults=described)
        if not is_new:
            return job
        # One process at a time decides on a quote, and on what is created for a customer.
        chosen = ImportedQuote.objects.filter(pk__in=pks[:MOST])
        _lock(chosen)
        quotes = chosen.select_related("company__created_with", "created_with", "source")
        found = {quote.pk: quote for quote in quotes.prefetch_related("rows", "people__created_with")}
        batch = _CopyBatch(job, choice, by)
        for planned in plan([found[pk] for pk in pks if pk in found], choice, by=by):
            batch.add(planned)
        queueing.after_commit(lambda: queue.enqueue(choice.connection.pk))
    return job


def _lock(quotes: QuerySet[ImportedQuote]) -> None:
    """Lock the quotes and their customers until the end of the transaction, all in the order of their keys."""
    locked = list(quotes.order_by("pk").select_for_update().values_list("pk", "company"))
    named = ImportedQuote.people.through.objects.filter(importedquote__in=[pk for pk, _ in locked])
    customers = Q(pk__in=[company for _, company in locked if company]) | Q(pk__in=named.values("partymatch"))
    list(PartyMatch.objects.filter(customers).order_by("pk").select_for_update().values_list("pk"))


def release_undone() -> int:
    """Let go of copies that were deleted again by an undo; return the number of quotes that can be copied again.

    A customer or person that was deleted with them has no match any more, unless another one was confirmed since.
    """
    undone = Operation.State.UNDONE
    for match in PartyMatch.objects.filter(created_with__state=undone).select_related("created_with"):
        released: dict[str, Any] = {"created_with": None}
        if match.created_with is not None and match.remote_id in {None, match.created_with.remote_id}:
            unmatched = dict.fromkeys(("connection", "remote_id", "decided_by", "decided_at"))
            released |= unmatched | {"state": PartyMatch.State.OPEN, "confidence": 0, "evidence": []}
        PartyMatch.objects.filter(pk=match.pk, created_with__state=undone).update(**released)
    return ImportedQuote.objects.filter(created_with__state=undone).update(created_with=None)


class _CopyBatch:
    """The operations of one job. A customer or person that several quotes name is created once."""

    def __init__(self, job: Job, choice: Choice, by: User) -> None:
        self.job, self.choice, self.by = job, choice, by
        self._made: dict[int, Operation] = {}
        # The people who are created, by where they work and who they are.
        self._people: dict[tuple[str, tuple[str, str]], int | Draft] = {}

    def add(self, planned: Plan) -> None:
        """Add the operations of one quote, or a skipped one that says why it is left out."""
        quote, customer = planned.quote, planned.company
        if not planned.skip_reason and customer is not None:
            try:
                company = self._place(customer, "companies", company_draft(customer))
                people = [self._find_person(person, company) for person in planned.people]
                operation = self._ask("proposals", self._draft(planned, company, people), quote.created_with)
            except Rejected:
                planned.skip_reason = JobReason.REFUSED()
            else:
                if quote.created_with_id != operation.pk:
                    quote.created_with = operation
                    quote.save(update_fields=["created_with"])
                return
        Operation.objects.create(
            connection=self.choice.connection,
            verb=Operation.Verb.CREATE,
            target="proposals",
            label=str(quote),
            state=Operation.State.SKIPPED,
            reason=planned.skip_reason,
            job=self.job,
            requested_by=self.by,
            requested_by_name=name_of(self.by),
            finished_at=ports.now(),
        )

    def _draft(self, planned: Plan, company: Any, people: list[Any]) -> Draft:
        choice = self.choice
        ids = {
            "account_user_id": planned.owner_id,
            "proposal_template_id": choice.proposal_template_id,
            "design_template_id": choice.design_template_id,
            "text_template_id": choice.text_template_id,
        }
        draft: Draft = {"name": str(planned.quote), "company_id": company}
        draft |= {name: value for name, value in ids.items() if value is not None}
        if people:
            draft["company_contacts"] = people
        if rows := [*planned.titles, *planned.rows]:
            draft["content"] = {"pricetables": [{"id": choice.price_table, "rows": rows}]}
        return draft

    def _place(self, match: PartyMatch, target: str, draft: Draft) -> int | Draft:
        """Return the id in Offorte, or a reference to the operation that will create the object."""
        known = known_id(match)
        if known is not None:
            return known
        if match.pk not in self._made:
            operation = self._ask(target, draft, match.created_with)
            PartyMatch.objects.filter(pk=match.pk).update(created_with=operation)
            match.created_with = operation
            self._made[match.pk] = operation
        return {"operation": self._made[match.pk].pk}

    def _find_person(self, match: PartyMatch, place: int | Draft) -> int | Draft:
        """Return a person at the company: confirmed, else one of that name and e-mail address there, else a new one.

        Those who are created by the same job count as being there.
        """
        if known_id(match) is not None:
            return self._place(match, "people", {})
        email = match.details["email"].strip()
        identity = identify(match.name, email)
        if isinstance(place, int):
            same = Person.objects.present().filter(connection=self.choice.connection, company_remote_id=place)
            for person in same.filter(email__iexact=email).order_by("pk"):
                if identify(person.fullname, person.email) == identity:
                    return person.remote_id
        found = str(place), identity
        if found not in self._people:
            self._people[found] = self._place(match, "people", person_draft(match) | {"parent_remote_id": place})
        return self._people[found]

    def _ask(self, target: str, draft: Draft, earlier: Operation | None) -> Operation:
        """Return a new operation, or the earlier one, which is sent again with this draft if it created nothing."""
        # An id in the request's path is a column; only a reference to another operation stands in the draft.
        place = draft.get("parent_remote_id")
        if isinstance(place, int):
            draft = {name: value for name, value in draft.items() if name != "parent_remote_id"}
        asked = asking.compose(
            connection=self.choice.connection,
            verb=Operation.Verb.CREATE,
            target=target,
            draft=draft,
            parent_remote_id=place if isinstance(place, int) else None,
            by=self.by,
            job=self.job,
            label=str(draft.get("name") or draft.get("fullname") or ""),
        )
        if earlier is None or earlier.state == Operation.State.UNDONE:
            asked.save(force_insert=True)
            return asked
        if earlier.state in UNMADE:
            unmade = Operation.objects.filter(pk=earlier.pk, state__in=UNMADE)
            fresh = ("draft", "label", "dedup_key", "job", "connection", "remote_id", "parent_remote_id")
            named = {"search_text": spell_lines(asked.label)}
            if unmade.update(**named, **{name: getattr(asked, name) for name in fresh}):
                restart(Operation.objects.filter(pk=earlier.pk), self.by)
                earlier.refresh_from_db()
        return earlier
