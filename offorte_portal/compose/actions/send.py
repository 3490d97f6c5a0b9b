"""Sending many proposals that were never sent: each to its own receivers, with the same words.

Nothing here sends a second time: what somebody may have by now is left out, and each send goes out only while Offorte
still has the proposal in edit.
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
# So many people without an address are named one by one.
MOST_NAMED = 10


class SendProposals(Action[Proposal]):
    """Sends proposals for the first time, who is chosen for each of them or everyone at its company."""

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
        """Who receives them, how, and the words: a message or an e-mail template."""
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
        """With the words that go with them."""
        words = options.get("message") or _("E-mail template “%s”") % options["name"]
        return f"{self.label}: {words}"

    def fields(self, options: Options) -> tuple[str, ...]:
        """What must not be about to change."""
        return ("company_contacts", "company_id", "status")

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Whatever may have been sent before, or can't be sent now."""
        asked = Operation.objects.filter(
            connection=OuterRef("connection_id"), target="proposals", remote_id=OuterRef("remote_id")
        )
        done = asked.filter(state=Operation.State.DONE)
        is_sent = Exists(done.filter(verb=Verb.SEND))
        mails, receivers = (model.objects.filter(proposal=OuterRef("pk")) for model in (SentEmail, Receiver))
        waiting = Approval.objects.filter(proposal=OuterRef("pk"), state=Approval.State.WAITING)
        # What the portal made itself is a draft, also while nobody has read it yet; the send looks once more.
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
        """Who can't receive it, and placeholders that the portal does not know."""
        if names := find_silent(selection):
            more = "…" if len(names) > MOST_NAMED else ""
            text = _("Without an e-mail address, so that they receive nothing: %s")
            yield text % ", ".join(names[:MOST_NAMED]) + more
        known = dict.fromkeys((*placeholders.OFFERED, "company_city", "company_people_email", "proposal_name"), "")
        if unknown := placeholders.find_unknown(choice.options.get("message", ""), known):
            text = _("The portal does not know %s: Offorte may, or it stays as it is.")
            yield text % ", ".join(f"{{{name}}}" for name in unknown)

    def plan(self, rows: Sequence[Proposal], choice: Choice) -> Iterator[Step | Skip]:
        """The receivers where Offorte may have others, then the send."""
        sender = Sender(rows, choice)
        for row in rows:
            yield sender.send(row)


class Sender:
    """What is written for proposals of one batch, with what has to be known of all of them asked once."""

    def __init__(self, rows: Sequence[Proposal], choice: Choice) -> None:
        self.choice = choice
        companies: dict[int, set[int]] = {}
        for row in rows:
            companies.setdefault(row.connection_id, set()).add(row.company_remote_id or 0)
        self.people = {account: people_of(account, ids) for account, ids in companies.items()}
        everybody = [one for of_account in self.people.values() for some in of_account.values() for one in some]
        if "{" in choice.options.get("message", ""):
            prefetch_related_objects(everybody, "company")
        self.held = recipients_of(rows)
        self.asks_manager = not choice.by.has_perm(approval.PERMISSION) and approval.has_rules()

    def send(self, row: Proposal) -> Step | Skip:
        """The send of one proposal, or why it is left out."""
        people = self.receivers(row)
        if not people:
            return Skip(JobReason.RECEIVER_UNKNOWN())
        if any(leaves_hole(self.choice.options.get("message", ""), one, row) for one in people):
            return Skip(JobReason.HOLE_IN_MESSAGE())
        if self.asks_manager and approval.find_reasons(row):
            return Skip(JobReason.APPROVAL_NEEDED())
        return Step(self.writes(row, people))

    def receivers(self, row: Proposal) -> list[Person]:
        """Who is chosen, or everyone, as far as they have an e-mail address."""
        able = [one for one in self.people[row.connection_id].get(row.company_remote_id or 0, []) if one.email]
        held = self.held.get(row.pk, [])
        return able if self.choice.options["who"] == "everyone" else [one for one in able if one.remote_id in held]

    def writes(self, row: Proposal, people: list[Person]) -> list[Write]:
        """Who receives it first, where that is not what Offorte was told last."""
        ids = [one.remote_id for one in people]
        held = self.held.get(row.pk)
        steps = [] if set(ids) == set(held or ()) else [contacts_change(row, {"company_contacts": ids}, held)]
        order = sending.Order(
            contacts=ids,
            send_method=self.choice.options["send_method"],
            # Whether Offorte knows what the proposal is called is not said, and the portal does.
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
            note=_("to %s") % ", ".join(f"{one} <{one.email}>" for one in people),
        )
        return [*steps, sent]


def leaves_hole(message: str, person: Person, row: Proposal) -> bool:
    """Whether a placeholder of the message has nothing to stand for."""
    return "{" in message and bool(placeholders.find_empty(message, placeholders.values_for(person, row)))


def find_silent(selection: list[int]) -> list[str]:
    """People without an e-mail address at the companies of these proposals, as far as they are named."""
    names: list[str] = []
    for keys in batches(selection, 5_000):
        people = Person.objects.present().filter(company__proposals__in=keys, email="").select_related("company")
        found = people.only("fullname", "firstname", "lastname", "remote_id", "company__name", "company__remote_id")
        names += [f"{one} ({one.company})" for one in found.distinct()[: MOST_NAMED + 1 - len(names)]]
        if len(names) > MOST_NAMED:
            break
    return names
