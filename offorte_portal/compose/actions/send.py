"""Sending many proposals that were never sent: each to its own receivers, with the same message.

Nothing here is sent a second time. A proposal that somebody may have received is left out, and each send goes out
only while Offorte still has the proposal in edit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Person
from offorte_portal.compose import approval, placeholders, sending
from offorte_portal.compose.models import Approval
from offorte_portal.compose.recipients import contacts_change, people_of, recipients_of
from offorte_portal.jobs.action import Action, Choice, Options, Rule, Skip, Step, Write
from offorte_portal.jobs.fields import choose, described, other_account
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.selection import batches
from offorte_portal.writes.models import Operation
from proposals.models import EmailTemplate, Proposal, Receiver, SentEmail

Verb = Operation.Verb
WHO = ("chosen", "everyone")
METHODS = ("offorte", "self")
# The number of people without an e-mail address that are listed by name.
MOST_NAMED = 10


class SendProposals(Action[Proposal]):
    """Sends proposals for the first time, to their chosen contacts or to everyone at their companies."""

    name = "proposals.send"
    label = gettext_lazy("Send")
    permission = sending.PERMISSION
    model = Proposal
    target = "proposals"
    value = "price_total"
    verb = Verb.SEND
    columns = ("name", "status", "company_remote_id", "price_total", "details_as_of")
    is_undoable = False
    is_computed = True
    is_chained = True
    is_exclusive = True

    def clean(self, options: Mapping[str, Any]) -> Options:
        """Return the receivers, the method, and the text: a message or an e-mail template."""
        who, method = options.get("who") or "chosen", options.get("send_method") or "offorte"
        if who not in WHO or method not in METHODS:
            raise ValidationError({"who": _("Choose who will receive the proposals.")})
        cleaned = {"who": who, "send_method": method}
        if options.get("words") == "template":
            template = choose(EmailTemplate, options.get("send_message_id"), "send_message_id")
            return cleaned | described(template)
        message = str(options.get("send_message") or "").replace("\x00", "").strip()
        if not message or len(message) > sending.MESSAGE_CHARACTERS:
            raise ValidationError({"send_message": _("Write a message, or choose a template.")})
        return cleaned | {"message": message}

    def describe(self, options: Options) -> str:
        words = options.get("message") or _("E-mail template “%s”") % options["name"]
        return f"{self.label}: {words}"

    def fields(self, options: Options) -> tuple[str, ...]:
        """Return the parameters that no pending write may change."""
        return ("company_contacts", "company_id", "status")

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out the proposals that may have been sent before, or can't be sent now."""
        asked = Operation.objects.filter(
            connection=OuterRef("connection_id"), target="proposals", remote_id=OuterRef("remote_id")
        )
        done = asked.filter(state=Operation.State.DONE)
        is_sent = Exists(done.filter(verb=Verb.SEND))
        mails, receivers = (model.objects.filter(proposal=OuterRef("pk")) for model in (SentEmail, Receiver))
        waiting = Approval.objects.filter(proposal=OuterRef("pk"), state=Approval.State.WAITING)
        # A proposal that the portal created is in edit even if it was not read yet; the send checks that again.
        is_new = Q(status="") & Q(Exists(done.filter(verb=Verb.CREATE)))
        if "remote_id" in choice.options:
            yield other_account(choice.options)
        yield Rule(Exists(asked.filter(verb=Verb.SEND, state__in=Operation.PENDING)), JobReason.SENDING())
        yield Rule(Exists(mails) | Exists(receivers) | is_sent, JobReason.SENT_BEFORE())
        yield Rule(~Q(status=Proposal.Status.EDIT) & ~is_new, JobReason.NOT_A_DRAFT())
        yield Rule(Q(details_as_of__isnull=True) & ~is_new, JobReason.NOT_READ())
        yield Rule(Q(company_remote_id__isnull=True), JobReason.NO_COMPANY())
        yield Rule(Exists(waiting), JobReason.APPROVAL_WAITING())

    def warnings(self, selection: list[int], choice: Choice) -> Iterable[str]:
        """Yield who can't receive the proposals, and placeholders that the portal doesn't know."""
        # People without an e-mail address at the proposals' companies, at most one more than are listed.
        names: list[str] = []
        for keys in batches(selection, 5_000):
            people = Person.objects.present().filter(company__proposals__in=keys, email="").select_related("company")
            found = people.only("fullname", "firstname", "lastname", "remote_id", "company__name", "company__remote_id")
            names += [f"{person} ({person.company})" for person in found.distinct()[: MOST_NAMED + 1 - len(names)]]
            if len(names) > MOST_NAMED:
                break
        if names:
            more = "…" if len(names) > MOST_NAMED else ""
            text = _("No e-mail address, so they won’t receive anything: %s")
            yield text % ", ".join(names[:MOST_NAMED]) + more
        known = dict.fromkeys((*placeholders.OFFERED, "company_city", "company_people_email", "proposal_name"), "")
        if unknown := placeholders.find_unknown(choice.options.get("message", ""), known):
            text = _("The portal doesn’t know %s. If Offorte doesn’t fill it in either, it’s sent as written.")
            yield text % ", ".join(f"{{{name}}}" for name in unknown)

    def plan(self, rows: Sequence[Proposal], choice: Choice) -> Iterator[Step | Skip]:
        """Yield for each proposal a write of its receivers if Offorte may have others, and the send."""
        sender = Sender(rows, choice)
        for row in rows:
            yield sender.send(row)


class Sender:
    """Composes the writes for the proposals of one batch, and reads what they share once for all of them."""

    def __init__(self, rows: Sequence[Proposal], choice: Choice) -> None:
        self.choice = choice
        companies: dict[int, set[int]] = {}
        for row in rows:
            companies.setdefault(row.connection_id, set()).add(row.company_remote_id or 0)
        self.people = {account: people_of(account, ids) for account, ids in companies.items()}
        everybody = [person for of_account in self.people.values() for some in of_account.values() for person in some]
        if "{" in choice.options.get("message", ""):
            prefetch_related_objects(everybody, "company")
        self.held = recipients_of(rows)
        self.asks_manager = not choice.by.has_perm(approval.PERMISSION) and approval.has_rules()

    def send(self, row: Proposal) -> Step | Skip:
        """Return the writes that send one proposal, or the reason why it is left out."""
        theirs = self.people[row.connection_id].get(row.company_remote_id or 0, [])
        people = [person for person in theirs if person.email]
        if self.choice.options["who"] != "everyone":
            held = self.held.get(row.pk, [])
            people = [person for person in people if person.remote_id in held]
        if not people:
            return Skip(JobReason.RECEIVER_UNKNOWN())
        message = self.choice.options.get("message", "")
        # A placeholder without a value would leave a hole.
        if "{" in message and any(
            placeholders.find_empty(message, placeholders.values_for(person, row)) for person in people
        ):
            return Skip(JobReason.HOLE_IN_MESSAGE())
        if self.asks_manager and approval.find_reasons(row):
            return Skip(JobReason.APPROVAL_NEEDED())
        return Step(self.writes(row, people))

    def writes(self, row: Proposal, people: list[Person]) -> list[Write]:
        """Return the send, after a write of its receivers if Offorte may have others."""
        ids = [person.remote_id for person in people]
        held = self.held.get(row.pk)
        steps = [] if set(ids) == set(held or ()) else [contacts_change(row, {"company_contacts": ids}, held)]
        order = sending.Order(
            contacts=ids,
            send_method=self.choice.options["send_method"],
            # The reference doesn't say whether Offorte fills in the proposal's name, so the portal does.
            send_message=placeholders.fill(self.choice.options.get("message", ""), {"proposal_name": row.name}),
            send_message_id=self.choice.options.get("remote_id"),
        )
        sent = Write(
            connection_id=row.connection_id,
            target="proposals",
            remote_id=row.remote_id,
            label=str(row),
            verb=Verb.SEND,
            draft=order.draft(),
            expected={"status": Proposal.Status.EDIT.value},
            after=steps[0] if steps else None,
            note=_("to %s") % ", ".join(f"{person} <{person.email}>" for person in people),
        )
        return [*steps, sent]
