"""The account's own list of webhooks: mirrored, and written like other resources."""

from offorte_portal.api.drafts import WebhookDraft
from offorte_portal.api.payloads import WebhookPayload
from offorte_portal.mirror import registry
from offorte_portal.mirror.resource import Resource
from offorte_portal.webhooks.models import Webhook
from offorte_portal.writes import targets
from offorte_portal.writes.targets import Target, Verb

WEBHOOKS = Resource(name="webhooks", model=Webhook, payload=WebhookPayload, has_get=True, position=50)

registry.register(WEBHOOKS)
targets.register(
    Target(
        resource=WEBHOOKS,
        drafts={Verb.CREATE: WebhookDraft, Verb.CHANGE: WebhookDraft},
        name="payload_url",
        create=lambda client, at, draft: client.create_webhook(draft),
        change=lambda client, at, draft: client.update_webhook(at.remote_id, draft),
        delete=lambda client, at: client.delete_webhook(at.remote_id),
        find=lambda client, at, name: client.list_webhooks(),
        get=lambda client, at: client.get_webhook(at.remote_id),
        columns={"active": "is_active"},
        is_read_back=True,
    ),
)
