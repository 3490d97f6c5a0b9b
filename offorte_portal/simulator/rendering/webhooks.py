"""Webhooks as the API shows them."""

from datetime import datetime

from offorte_portal.simulator.records import Record
from offorte_portal.simulator.rendering.numbers import stamped
from offorte_portal.simulator.state import AccountState


class WebhookRendering(AccountState):
    """Webhooks in the reference's shape."""

    def render_webhook(self, id: int) -> Record:
        """A webhook; `date_failed` is null until it was deactivated for failing."""
        webhook = self.webhooks[id]
        failed_at: datetime | None = webhook["failed_at"]
        return {
            "id": id,
            "active": webhook["active"],
            "payload_url": webhook["payload_url"],
            "payload_content_type": webhook["payload_content_type"],
            "date_created": stamped(webhook["created_at"]),
            "date_modified": stamped(webhook["modified_at"]),
            "date_failed": stamped(failed_at) if failed_at else None,
            "events": list(webhook["events"]),
        }
