"""Webhooks: create, update, delete."""

from typing import Any

from offorte_portal.simulator.records import Record
from offorte_portal.simulator.rendering.webhooks import WebhookRendering

MOST_WEBHOOKS = 10


class TooManyWebhooksError(Exception):
    """An account has at most 10 webhooks."""


class WebhookChanges(WebhookRendering):
    """Changes of webhooks; they have no events themselves."""

    def create_webhook(self, payload_url: str, **fields: Any) -> Record:
        """Register a URL, by default for all events; raises TooManyWebhooksError at the eleventh."""
        with self.lock:
            if len(self.webhooks) >= MOST_WEBHOOKS:
                raise TooManyWebhooksError(self.name)
            id = self.ids["webhook"].take()
            now = self.clock.now()
            self.webhooks[id] = {
                "id": id,
                "active": True,
                "payload_url": payload_url,
                "payload_content_type": "json",
                "events": ["all"],
                "created_at": now,
                "modified_at": now,
                "failed_at": None,
                **fields,
            }
            return self.webhooks[id]

    def update_webhook(self, id: int, **fields: Any) -> Record:
        """Change the given fields; activating it again forgets that it failed."""
        with self.lock:
            webhook = self.webhooks[id]
            webhook.update(fields, modified_at=self.clock.now())
            if fields.get("active"):
                webhook["failed_at"] = None
            return webhook

    def deactivate_webhook(self, id: int) -> None:
        """Switch a webhook off for having failed too often."""
        with self.lock:
            now = self.clock.now()
            self.webhooks[id].update(active=False, failed_at=now, modified_at=now)

    def delete_webhook(self, id: int) -> None:
        """Delete a webhook."""
        with self.lock:
            self.removed[("webhook", id)] = self.webhooks.pop(id)
