"""Users, templates, automation sets and webhooks of an account."""

from pydantic import Field

from offorte_portal.api.payloads.base import Bool, Int, Items, Moment, Payload, Text


class UserPayload(Payload):
    """A user of the account (GET /account/users/)."""

    remote_id: Int = Field(None, validation_alias="id")
    email: Text = None
    firstname: Text = None
    lastname: Text = None
    phone: Text = None
    jobtitle: Text = None


class NamedPayload(Payload):
    """A design, text or e-mail template, or an automation set."""

    remote_id: Int = Field(None, validation_alias="id")
    name: Text = None


class ProposalTemplatePayload(NamedPayload):
    """A favourite that proposals start from (GET /favorites/proposals/)."""

    type: Text = None
    config_language_id: Int = None
    proposal_tpl_id: Int = None


class WebhookPayload(Payload):
    """A webhook of the account (GET /webhooks/)."""

    remote_id: Int = Field(None, validation_alias="id")
    payload_url: Text = None
    payload_content_type: Text = None
    is_active: Bool = Field(None, validation_alias="active")
    events: Items = None
    remote_created_at: Moment = Field(None, validation_alias="date_created")
    remote_modified_at: Moment = Field(None, validation_alias="date_modified")
    failed_at: Moment = Field(None, validation_alias="date_failed")
