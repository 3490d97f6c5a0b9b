"""Users, templates and settings (reference, "Automations", "Account", "Favorites", "Settings")."""

from collections.abc import Iterator
from datetime import datetime

from offorte_portal.api import lists
from offorte_portal.api.client.base import BaseClient
from offorte_portal.api.lists import Page


class AccountEndpoints(BaseClient):
    """Users, templates and other settings, all of them read-only."""

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
