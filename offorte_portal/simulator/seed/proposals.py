"""Proposals of the past year and a half, each with the history that its status implies."""

import random
from bisect import bisect
from datetime import datetime, timedelta
from decimal import Decimal

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.pricing import sum_tables
from offorte_portal.simulator.records import Comment, LogEntry, Record, SentEmail
from offorte_portal.simulator.rendering.history import VIEWED, VIEWED_PDF
from offorte_portal.simulator.seed import words
from offorte_portal.simulator.seed.contacts import pick
from offorte_portal.simulator.seed.pricetables import TableMaker

PAST = timedelta(days=540)
STATUS_SHARES = (("edit", 0.14), ("open", 0.42), ("won", 0.75), ("lost", 0.95), ("closed", 1.0))
BOUNDS = [share for _, share in STATUS_SHARES]


def add_proposals(account: Account, rng: random.Random, count: int, now: datetime) -> None:
    """Proposals in the order in which they were written, the last of them today."""
    vat_of = {id: Decimal(group["vat"]) for id, group in account.vat_groups.items()}
    maker = ProposalMaker(account, rng, TableMaker(rng, list(account.products.values()), vat_of), now)
    for number in range(count):
        created_at = now - PAST * ((count - number) / (count + 1))
        proposal = maker.make(number, created_at)
        account.proposals[proposal["id"]] = proposal


class ProposalMaker:
    """Makes proposals with their price tables, comments, views, mails and receivers."""

    def __init__(self, account: Account, rng: random.Random, tables: TableMaker, now: datetime) -> None:
        self._account = account
        self._rng = rng
        self._tables = tables
        self._now = now
        self._companies = list(account.companies)
        self._users = [*account.users] * 3 + [*account.former_users]
        self._designs = list(account.design_templates)
        self._texts = list(account.text_templates)
        self._templates = [None, *account.proposal_templates]

    def make(self, number: int, created_at: datetime) -> Record:
        """One proposal, complete."""
        rng, account = self._rng, self._account
        company = account.companies[pick(rng, self._companies)]
        user_id = pick(rng, self._users)
        tables = self._tables.make()
        total = sum_tables(tables)
        proposal = account.blank_proposal(account.ids["proposal"].take()) | {
            "company_id": company["id"],
            "name": f"{pick(rng, words.PROPOSAL_SUBJECTS)} – {company['name']}",
            "remarks": pick(rng, words.REMARKS),
            "proposal_nr": f"{created_at.year}-{number + 1:05}",
            "account_user_id": user_id,
            "modified_by": user_id,
            "design_template_id": pick(rng, self._designs),
            "text_template_id": pick(rng, self._texts),
            "proposal_template_id": pick(rng, self._templates),
            "tags": [tag for tag in words.TAGS if rng.random() < 0.12],
            "price_total_original": total,
            "price_total_override": total.quantize(Decimal("1E2")) + Decimal(0) if rng.random() < 0.08 else None,
            "pages_total": int(rng.random() * 14) + 3,
            "created_at": created_at,
            "modified_at": created_at,
            "contacts": account.people_of.get(company["id"], [])[:2],
            "history": [LogEntry(created_at, account.user_name(user_id), "proposal: created", "user")],
            "pricetables": tables,
        }
        self._live_through(proposal, STATUS_SHARES[bisect(BOUNDS, rng.random())][0])
        return proposal

    def _live_through(self, proposal: Record, status: str) -> None:
        """Give a proposal the past that its status implies; only those with receivers could be sent and won."""
        account = self._account
        people = [account.people[id] for id in proposal["contacts"] if account.people[id]["email"]]
        if status == "edit" or not people:
            proposal["status"] = status if status in {"edit", "lost", "closed"} else "edit"
            return
        proposal["status"] = status
        proposal["receivers"] = [account.new_receiver(person) for person in people]
        sent_at = self._later(proposal["created_at"], days=6)
        self._send(proposal, sent_at)
        self._view(proposal, people, sent_at)
        self._talk(proposal, people)
        last = proposal["viewed_at"] or sent_at
        if status == "won":
            proposal["won_at"] = proposal["modified_at"] = self._later(last, days=3)
            self._log(proposal, proposal["won_at"], "proposal: accepted", people[0]["fullname"], is_client=True)
        elif status in {"lost", "closed"}:
            proposal["modified_at"] = self._later(last, days=30)
            user = account.user_name(proposal["account_user_id"])
            self._log(proposal, proposal["modified_at"], f"proposal: status {status}", user)
        proposal["history"].sort(key=_moment)

    def _send(self, proposal: Record, sent_at: datetime) -> None:
        sender = self._account.user_name(proposal["account_user_id"])
        to = [(receiver.fullname, receiver.email) for receiver in proposal["receivers"]]
        proposal["emails"] = [SentEmail(self._account.ids["email"].take(), sent_at, 1, words.MAIL_TEXT, sender, to)]
        proposal["modified_at"] = sent_at
        self._log(proposal, sent_at, "proposal: send", sender)

    def _view(self, proposal: Record, people: list[Record], sent_at: datetime) -> None:
        """Views in bursts over weeks or months, by one or two people; one in eight is never looked at."""
        rng = self._rng
        if rng.random() < 0.125:
            return
        at = sent_at
        for _ in range(int(1 + rng.random() ** 2 * 9)):
            at = self._later(at, days=20 * rng.random())
            person = pick(rng, people)["fullname"]
            for _ in range(int(1 + rng.random() ** 3 * 4)):
                at = min(at + timedelta(minutes=1 + rng.random() * 12), self._now)
                action = VIEWED_PDF if rng.random() < 0.08 else VIEWED
                self._log(proposal, at, action, person, is_client=True)
        proposal["viewed_at"] = at

    def _talk(self, proposal: Record, people: list[Record]) -> None:
        """A question or two, most of them answered within a day."""
        rng, account = self._rng, self._account
        if proposal["viewed_at"] is None or rng.random() < 0.65:
            return
        user = account.user(proposal["account_user_id"])
        at: datetime = proposal["viewed_at"] - timedelta(days=rng.random())
        for _ in range(pick(rng, (1, 1, 2))):
            person = pick(rng, people)
            self._comment(proposal, at, pick(rng, words.QUESTIONS), person, is_client=True)
            if rng.random() < 0.75:
                at = self._later(at, days=1)
                self._comment(proposal, at, pick(rng, words.ANSWERS), user, is_client=False)

    def _comment(self, proposal: Record, at: datetime, text: str, who: Record, *, is_client: bool) -> None:
        id = self._account.ids["comment"].take()
        names = (who["firstname"], who["lastname"], who["email"])
        proposal["comments"].append(Comment(id, at, text, "client" if is_client else "user", *names))
        self._log(proposal, at, "proposal: comment", f"{names[0]} {names[1]}", is_client=is_client)

    def _log(self, proposal: Record, at: datetime, action: str, person: str, *, is_client: bool = False) -> None:
        proposal["history"].append(LogEntry(at, person, action, "client" if is_client else "user"))

    def _later(self, at: datetime, *, days: float) -> datetime:
        """Return a moment within that many days, but not after now."""
        return at + (min(at + timedelta(days=days), self._now) - at) * self._rng.random()


def _moment(entry: LogEntry) -> datetime:
    return entry.at
