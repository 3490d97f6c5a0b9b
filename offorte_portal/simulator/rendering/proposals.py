"""Proposals as the API shows them: list item and details, in both vintages."""

from decimal import Decimal

from offorte_portal.simulator.records import COMPANY_FIELDS, LogEntry, Receiver, Record
from offorte_portal.simulator.rendering.history import VIEWED, VIEWED_PDF, tell, write_action
from offorte_portal.simulator.rendering.mails import write_message, write_moment
from offorte_portal.simulator.rendering.numbers import display, iso, printed, stamped, to_number
from offorte_portal.simulator.rendering.pricetables import render_table
from offorte_portal.simulator.state import AccountState


class ProposalRendering(AccountState):
    """Proposals in the reference's shapes or, in the live vintage, in today's."""

    def proposal_link(self, proposal_id: int, receiver: Receiver) -> str:
        """Where a receiver opens the proposal."""
        return f"{self.base_url}/{self.name}/viewer/{proposal_id}/?proposalpass={receiver.key}"

    def login_link(self, proposal_id: int, receiver: Receiver) -> str:
        """Return the value of `pass` in the details: another address that leads to the viewer."""
        return f"{self.base_url}/{self.name}/login/{proposal_id}/?pass={receiver.key}"

    def render_proposal_item(self, id: int) -> Record:
        """A proposal as in the lists."""
        proposal = self.proposals[id]
        item = {
            "id": id,
            "company_id": proposal["company_id"],
            "company_name": self.company_of(proposal)["name"],
            "name": proposal["name"],
            "status": proposal["status"],
            "price_total": self._price_total(proposal),
            "version_id": proposal["version_id"],
        }
        return item if self.switches.vintage == "2018" else item | self._live_fields(proposal)

    def render_proposal_details(self, id: int) -> Record:
        """A proposal's details."""
        proposal = self.proposals[id]
        company = self.company_of(proposal)
        details: Record = {
            "id": id,
            "name": proposal["name"],
            "status": proposal["status"],
            "type": proposal["type"],
            "remarks": proposal["remarks"],
            "price_total": self._price_total(proposal),
            "date_modified": printed(proposal["modified_at"], id),
        }
        if self.switches.vintage == "live":
            details |= self._live_fields(proposal)
        return details | {
            "company": {name: company[name] for name in COMPANY_FIELDS},
            "comments": self._comments(proposal),
            "logs": {"summary": self._summary(proposal), "history": self._history(proposal)},
            "pages_total": proposal["pages_total"],
            "emails": self._emails(proposal),
            "receivers": [
                {
                    "id": receiver.id,
                    "fullname": receiver.fullname,
                    "email": receiver.email,
                    "pass": self.login_link(id, receiver),
                }
                for receiver in proposal["receivers"]
            ],
            "content": {"pricetables": self._tables(proposal)},
        }

    def _price_total(self, proposal: Record) -> int | float | str:
        override: Decimal | None = proposal["price_total_override"]
        value: Decimal = proposal["price_total_original"] if override is None else override
        if self.switches.vintage == "2018":
            return to_number(value)
        return display(value, currency=self.currency, form=proposal["id"])

    def _live_fields(self, proposal: Record) -> Record:
        user = self.user(proposal["account_user_id"])
        original: Decimal = proposal["price_total_original"]
        override: Decimal | None = proposal["price_total_override"]
        won_at, viewed_at = proposal["won_at"], proposal["viewed_at"]
        return {
            "price_total_original": f"{original:.2f}" if proposal["id"] % 5 == 0 else to_number(original),
            "price_total_override": None if override is None else to_number(override),
            "proposal_nr": proposal["proposal_nr"],
            "account_user_id": user["id"],
            "account_user_name": f"{user['firstname']} {user['lastname']}",
            "account_user_email": user["email"],
            "date_created": iso(proposal["created_at"]),
            "date_won": iso(won_at) if won_at else None,
            "date_viewed": iso(viewed_at) if viewed_at else None,
            "design_template_id": proposal["design_template_id"],
            "text_template_id": proposal["text_template_id"],
            "proposal_language": proposal["proposal_language"],
            "remarks": proposal["remarks"],
            "tags": list(proposal["tags"]),
        }

    def render_comment_event(self, id: int) -> Record:
        """Return the data of the event for the newest comment on a proposal."""
        if self.switches.comment_event == "proposal":
            return self.render_proposal_details(id)
        return {**self._comments(self.proposals[id])[-1], "proposal_id": id}

    def _comments(self, proposal: Record) -> list[Record]:
        company_name = self.company_of(proposal)["name"]
        return [
            {
                "id": comment.id,
                "date": printed(comment.at, comment.id),
                "comment": comment.text,
                "type": comment.author,
                "firstname": comment.firstname,
                "lastname": comment.lastname,
                "email": comment.email,
                "company_name": company_name if comment.author == "client" else "",
            }
            for comment in proposal["comments"]
        ]

    def _summary(self, proposal: Record) -> Record:
        """Counts of the history. In 2018 `last_modified_user` holds a date, as the reference prints it."""
        history: list[LogEntry] = proposal["history"]
        views = [entry.at for entry in history if entry.action == VIEWED]
        user = self.user(proposal["modified_by"])
        is_2018 = self.switches.vintage == "2018"
        modified_at = proposal["modified_at"]
        return {
            "views": len(views),
            "pdf": sum(entry.action == VIEWED_PDF for entry in history),
            "recent_view": printed(max(views), proposal["id"]) if views else None,
            "last_modified_date": printed(modified_at, proposal["id"]),
            "last_modified_user": stamped(modified_at) if is_2018 else f"{user['firstname']} {user['lastname']}",
        }

    def _history(self, proposal: Record) -> list[Record]:
        """Newest first, as on Offorte's screen."""
        user = next(iter(self.users.values()))
        connected = f"{user['firstname']} {user['lastname']}"
        history = tell(proposal["history"], self.switches, self.clock.now(), connected)
        return [
            {
                "date": printed(entry.at, proposal["id"] + index),
                "person": entry.person,
                "action": write_action(entry.action, self.switches.log_words),
                "type": entry.author,
            }
            for index, entry in reversed(list(enumerate(history)))
        ]

    def _emails(self, proposal: Record) -> list[Record]:
        return [
            {
                "id": email.id,
                "date_sended": write_moment(email, self.switches.mail_dates),
                "proposal_version_nr": email.version_nr,
                "message": write_message(email, self.switches.mail_messages),
                "sended_by": email.sender,
                "receivers": [{"fullname": name, "email": address} for name, address in email.receivers],
            }
            for email in proposal["emails"]
        ]

    def _tables(self, proposal: Record) -> list[Record]:
        names = {Decimal(str(group["vat"])): group["name"] for group in self.vat_groups.values()}
        vintage = self.switches.vintage
        has_both = proposal["id"] % 4 == 0
        return [
            render_table(table, vintage=vintage, group_names=names, has_both=has_both)
            for table in proposal["pricetables"]
        ]
