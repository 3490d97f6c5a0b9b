"""Offorte's API, one method per endpoint (reference, all 36, and `hello`)."""

from collections.abc import Iterator
from datetime import datetime

from offorte_portal.api import lists
from offorte_portal.api.client.base import BaseClient, Created, Fetched, Written
from offorte_portal.api.drafts import (
    CompanyDraft,
    DirectoryDraft,
    PersonDraft,
    ProductChange,
    ProductDraft,
    ProposalChange,
    ProposalDraft,
    SendDraft,
    Status,
    WebhookDraft,
)
from offorte_portal.api.lists import Json, List, Page

__all__ = ["Client", "Created", "Fetched", "Json", "List", "Page", "Written"]


class Client(BaseClient):
    """One Offorte account.

    Reads return JSON as Offorte sent it; lists are iterators of pages, one request each, from `start_page` on. Every
    method may raise any OfforteError. Paths end in a slash exactly where the reference prints one.
    """

    # Users, templates and settings, which are read-only (reference, "Automations", "Account", "Favorites", "Settings").

    def hello(self) -> datetime:
        """GET /hello: return when the request was sent; its success is all that the response says."""
        return self.transport.request("GET", "/hello", needs_body=False).requested_at

    def list_automation_sets(self, *, start_page: int = 1) -> Iterator[Page]:
        """GET /automations/sets"""
        return self.iterate_pages(lists.AUTOMATION_SETS, start_page=start_page)

    def list_users(self, *, start_page: int = 1) -> Iterator[Page]:
        """GET /account/users/: the active users of the account."""
        return self.iterate_pages(lists.USERS, start_page=start_page)

    def list_proposal_templates(self, *, start_page: int = 1) -> Iterator[Page]:
        """GET /favorites/proposals/"""
        return self.iterate_pages(lists.PROPOSAL_TEMPLATES, start_page=start_page)

    def list_design_templates(self, *, start_page: int = 1) -> Iterator[Page]:
        """GET /settings/design-templates/"""
        return self.iterate_pages(lists.DESIGN_TEMPLATES, start_page=start_page)

    def list_email_templates(self, *, start_page: int = 1) -> Iterator[Page]:
        """GET /settings/email-templates/"""
        return self.iterate_pages(lists.EMAIL_TEMPLATES, start_page=start_page)

    def list_text_templates(self, *, start_page: int = 1) -> Iterator[Page]:
        """GET /settings/text-templates/"""
        return self.iterate_pages(lists.TEXT_TEMPLATES, start_page=start_page)

    def list_vat_groups(self, *, start_page: int = 1) -> Iterator[Page]:
        """GET /settings/vat-groups/"""
        return self.iterate_pages(lists.VAT_GROUPS, start_page=start_page)

    # Companies and their people (reference, "Contacts").

    def list_companies(self, *, query: str | None = None, start_page: int = 1) -> Iterator[Page]:
        """GET /companies: all, or those whose name contains the query; each with its people."""
        return self.iterate_pages(lists.COMPANIES, query=query, start_page=start_page)

    def get_company(self, company_id: int) -> Fetched:
        """GET /companies/:id/: with its people and the names of its proposals."""
        return self._get(f"/companies/{company_id}/")

    def create_company(self, draft: CompanyDraft) -> Created:
        """POST /companies/"""
        return self._create("/companies/", CompanyDraft, draft, "company_id")

    def update_company(self, company_id: int, draft: CompanyDraft) -> Written:
        """PATCH /companies/:id/"""
        return self._update(f"/companies/{company_id}/", CompanyDraft, draft)

    def delete_company(self, company_id: int) -> Written:
        """DELETE /companies/:id/"""
        return self._delete(f"/companies/{company_id}/")

    def list_people(self, company_id: int, *, start_page: int = 1) -> Iterator[Page]:
        """GET /companies/:id/people/"""
        return self.iterate_pages(lists.PEOPLE, bucket=company_id, start_page=start_page)

    def create_person(self, company_id: int, draft: PersonDraft) -> Created:
        """POST /companies/:id/people/: `fullname` and `email` are required."""
        return self._create(f"/companies/{company_id}/people/", PersonDraft, draft, "person_id", "people_id")

    def get_person(self, company_id: int, person_id: int) -> Fetched:
        """GET /companies/:id/people/:people_id/"""
        return self._get(f"/companies/{company_id}/people/{person_id}/")

    def update_person(self, company_id: int, person_id: int, draft: PersonDraft) -> Written:
        """PATCH /companies/:id/people/:people_id/"""
        return self._update(f"/companies/{company_id}/people/{person_id}/", PersonDraft, draft)

    def delete_person(self, company_id: int, person_id: int) -> Written:
        """DELETE /companies/:id/people/:people_id/"""
        return self._delete(f"/companies/{company_id}/people/{person_id}/")

    # Products and directories (reference, "Products"). A product is changed below `/product/`, all else `/products/`.

    def list_directories(self, *, start_page: int = 1) -> Iterator[Page]:
        """GET /products/directories"""
        return self.iterate_pages(lists.DIRECTORIES, start_page=start_page)

    def create_directory(self, draft: DirectoryDraft) -> Created:
        """POST /products/directories/"""
        return self._create("/products/directories/", DirectoryDraft, draft, "directory_id", "product_directory_id")

    def update_directory(self, directory_id: int, draft: DirectoryDraft) -> Written:
        """PATCH /products/directories/:directory_id/"""
        return self._update(f"/products/directories/{directory_id}/", DirectoryDraft, draft)

    def delete_directory(self, directory_id: int) -> Written:
        """DELETE /products/directories/:directory_id/: refused while it holds products."""
        return self._delete(f"/products/directories/{directory_id}/")

    def list_products(self, directory_id: int, *, start_page: int = 1) -> Iterator[Page]:
        """GET /products/:directory_id/: ids and names; no endpoint returns more."""
        return self.iterate_pages(lists.PRODUCTS, bucket=directory_id, start_page=start_page)

    def create_product(self, directory_id: int, draft: ProductDraft) -> Created:
        """POST /products/:directory_id/"""
        return self._create(f"/products/{directory_id}/", ProductDraft, draft, "product_id", is_answered=True)

    def update_product(self, product_id: int, draft: ProductChange) -> Written:
        """PATCH /product/:product_id/"""
        return self._update(f"/product/{product_id}/", ProductChange, draft)

    def delete_product(self, product_id: int) -> Written:
        """DELETE /products/:product_id/"""
        return self._delete(f"/products/{product_id}/")

    # Proposals (reference, "Proposals").

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

    # Webhooks, ten at most: the portal's own and those of other systems (reference, "Webhooks").

    def list_webhooks(self, *, start_page: int = 1) -> Iterator[Page]:
        """GET /webhooks/"""
        return self.iterate_pages(lists.WEBHOOKS, start_page=start_page)

    def create_webhook(self, draft: WebhookDraft) -> Created:
        """POST /webhooks/"""
        return self._create("/webhooks/", WebhookDraft, draft, "webhook_id")

    def get_webhook(self, webhook_id: int) -> Fetched:
        """GET /webhooks/:id/"""
        return self._get(f"/webhooks/{webhook_id}/")

    def update_webhook(self, webhook_id: int, draft: WebhookDraft) -> Written:
        """PATCH /webhooks/:id/"""
        return self._update(f"/webhooks/{webhook_id}/", WebhookDraft, draft)

    def delete_webhook(self, webhook_id: int) -> Written:
        """DELETE /webhooks/:id/"""
        return self._delete(f"/webhooks/{webhook_id}/")
