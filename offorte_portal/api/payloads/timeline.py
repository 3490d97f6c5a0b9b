"""Comments, log, e-mails and receivers from a proposal's details (reference, "Get proposal details")."""

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
    """An entry of `logs.history`; it has no id."""

    logged_at: Moment = Field(None, validation_alias="date")
    person: Text = None
    action: Text = None
    type: Text = None


class EmailPayload(Payload):
    """An e-mail that sent the proposal; `receivers` stays raw, see ReceiverPayload."""

    remote_id: Int = Field(None, validation_alias="id")
    sent_at: Moment = Field(None, validation_alias="date_sended")
    version_nr: Int = Field(None, validation_alias="proposal_version_nr")
    message: Text = None
    sent_by: Text = Field(None, validation_alias="sended_by")
    receivers: Items = None


class ReceiverPayload(Payload):
    """A recipient of the proposal; `link` is their personal link to the viewer, as secret as a password."""

    remote_id: Int = Field(None, validation_alias="id")
    fullname: Text = None
    email: Text = None
    link: Text = Field(None, validation_alias="pass")
