"""What happened to a proposal, from its details (reference, "Get proposal details")."""

from pydantic import Field

from offorte_portal.api.payloads.base import Int, Items, Moment, Payload, Text


class CommentPayload(Payload):
    """A question or an answer in the proposal viewer."""

    remote_id: Int = Field(None, validation_alias="id")
    commented_at: Moment = Field(None, validation_alias="date")
    comment: Text = None
    type: Text = None
    firstname: Text = None
    lastname: Text = None
    email: Text = None
    company_name: Text = None


class LogEntryPayload(Payload):
    """A line of `logs.history`; it has no id."""

    logged_at: Moment = Field(None, validation_alias="date")
    person: Text = None
    action: Text = None
    type: Text = None


class EmailPayload(Payload):
    """A mail with which the proposal was sent; `receivers` stays raw, see ReceiverPayload."""

    remote_id: Int = Field(None, validation_alias="id")
    sent_at: Moment = Field(None, validation_alias="date_sended")
    version_nr: Int = Field(None, validation_alias="proposal_version_nr")
    message: Text = None
    sent_by: Text = Field(None, validation_alias="sended_by")
    receivers: Items = None


class ReceiverPayload(Payload):
    """Somebody who receives the proposal; `link` is that person's own way into the viewer, so as good as a password."""

    remote_id: Int = Field(None, validation_alias="id")
    fullname: Text = None
    email: Text = None
    link: Text = Field(None, validation_alias="pass")
