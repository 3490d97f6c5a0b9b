"""Companies and their people (reference, "Contacts")."""

from collections.abc import Iterator

from offorte_portal.api import lists
from offorte_portal.api.client.base import BaseClient, Created, Fetched, Written
from offorte_portal.api.drafts import CompanyDraft, PersonDraft
from offorte_portal.api.lists import Page


class ContactEndpoints(BaseClient):
    """Companies and people."""

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
