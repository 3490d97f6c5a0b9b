"""What an account is set up with: users, templates, automation sets, webhooks."""

from offorte_portal.api.payloads import NamedPayload, ProposalTemplatePayload, UserPayload, WebhookPayload
from offorte_portal.mirror.resource import Resource
from offorte_portal.models import Webhook
from proposals.models import (
    AccountUser,
    AutomationSet,
    DesignTemplate,
    EmailTemplate,
    ProposalTemplate,
    TextTemplate,
)

USERS = Resource(name="users", model=AccountUser, payload=UserPayload)
DESIGN_TEMPLATES = Resource(name="design_templates", model=DesignTemplate, payload=NamedPayload)
TEXT_TEMPLATES = Resource(name="text_templates", model=TextTemplate, payload=NamedPayload)
EMAIL_TEMPLATES = Resource(name="email_templates", model=EmailTemplate, payload=NamedPayload)
PROPOSAL_TEMPLATES = Resource(name="proposal_templates", model=ProposalTemplate, payload=ProposalTemplatePayload)
AUTOMATION_SETS = Resource(name="automation_sets", model=AutomationSet, payload=NamedPayload)
WEBHOOKS = Resource(name="webhooks", model=Webhook, payload=WebhookPayload, has_get=True)
