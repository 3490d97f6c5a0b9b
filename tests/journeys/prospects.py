"""Prospects, at Offorte's own pages."""

from urllib.parse import urlencode
from urllib.request import urlopen

from offorte_portal.simulator import Simulator
from proposals.models import Proposal


class Prospect:
    """Somebody with a link to a proposal, the first who received it."""

    def __init__(self, simulator: Simulator, proposal: Proposal) -> None:
        remote = simulator.account("bouw")
        receiver = remote.proposals[proposal.remote_id]["receivers"][0]
        self.name = receiver.fullname
        self.url = remote.proposal_link(proposal.remote_id, receiver)

    def ask(self, question: str) -> None:
        """Ask something about the proposal."""
        with urlopen(self.url, urlencode({"action": "comment", "text": question}).encode()) as answer:
            assert answer.status == 200

    def look(self) -> None:
        """Open the proposal."""
        with urlopen(self.url) as answer:
            assert answer.status == 200
