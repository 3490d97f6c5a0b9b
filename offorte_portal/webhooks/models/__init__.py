from offorte_portal.webhooks.models.endpoint import WebhookEndpoint
from offorte_portal.webhooks.models.event import WebhookEvent
from offorte_portal.webhooks.models.webhook import Webhook

__all__ = ["Webhook", "WebhookEndpoint", "WebhookEvent"]
