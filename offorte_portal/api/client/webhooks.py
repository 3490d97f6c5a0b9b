"""The account's webhooks, ten at most (reference, "Webhooks")."""

from collections.abc import Iterator

from offorte_portal.api import lists
from offorte_portal.api.client.base import BaseClient, Created, Fetched, Written
from offorte_portal.api.drafts import WebhookDraft
from offorte_portal.api.lists import Page


class WebhookEndpoints(BaseClient):
    """Webhooks, the portal's own and those of other systems."""

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
