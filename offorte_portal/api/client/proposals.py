"""Proposals (reference, "Proposals")."""

from collections.abc import Iterator

from offorte_portal.api import lists
from offorte_portal.api.client.base import BaseClient, Created, Fetched, Written
from offorte_portal.api.drafts import ProposalChange, ProposalDraft, SendDraft, Status
from offorte_portal.api.lists import Page


class ProposalEndpoints(BaseClient):
    """Proposals."""

    def list_proposals(
        self, status: Status = "open", *, query: str | None = None, start_page: int = 1
    ) -> Iterator[Page]:
        """GET /proposals/:status; with a query Offorte searches all proposals, whatever their status."""
        return self.iterate_pages(lists.PROPOSALS, bucket=status, query=query, start_page=start_page)

    def get_proposal(self, proposal_id: int) -> Fetched:
        """GET /proposals/:id/details/"""
        return self._get(f"/proposals/{proposal_id}/details/")

    def update_proposal(self, proposal_id: int, draft: ProposalChange) -> Written:
        """PATCH /proposals/:id/details/"""
        return self._update(f"/proposals/{proposal_id}/details/", ProposalChange, draft)

    def create_proposal(self, draft: ProposalDraft) -> Created:
        """POST /proposals/"""
        return self._create("/proposals/", ProposalDraft, draft, "proposal_id", is_answered=True)

    def send_proposal(self, proposal_id: int, draft: SendDraft) -> Written:
        """POST /proposals/:id/send/: mail it, once; the response holds `receivers` with their links."""
        return self._send(f"/proposals/{proposal_id}/send/", SendDraft, draft)

    def delete_proposal(self, proposal_id: int) -> Written:
        """DELETE /proposals/:id/"""
        return self._delete(f"/proposals/{proposal_id}/")
