"""Proposals, from the list, the details and webhooks, as in the reference and as on the live service."""

from collections.abc import Mapping

from pydantic import AliasChoices, Field

from offorte_portal.api.decode import decode_decimal
from offorte_portal.api.payloads.base import Amount, Int, Items, Moment, Payload, Text


class ProposalPayload(Payload):
    """The columns of a proposal itself.

    Comments, log, e-mails, receivers and price tables have payloads of their own. `price_total_display` is the total as
    Offorte wrote it where that is more than a number, else "".
    """

    remote_id: Int = Field(None, validation_alias=AliasChoices("id", "proposal_id"))
    name: Text = Field(None, validation_alias=AliasChoices("name", "proposal_name"))
    number: Text = Field(None, validation_alias="proposal_nr")
    status: Text = Field(None, validation_alias=AliasChoices("status", "proposal_status"))
    type: Text = None
    version_id: Int = Field(None, validation_alias=AliasChoices("version_id", "proposal_version_id"))
    company_remote_id: Int = Field(None, validation_alias="company_id")
    company_name: Text = None
    owner_remote_id: Int = Field(None, validation_alias="account_user_id")
    owner_name: Text = Field(None, validation_alias="account_user_name")
    owner_email: Text = Field(None, validation_alias="account_user_email")
    design_template_remote_id: Int = Field(None, validation_alias="design_template_id")
    text_template_remote_id: Int = Field(None, validation_alias="text_template_id")
    price_total: Amount = None
    price_total_display: Text = None
    language: Text = Field(None, validation_alias="proposal_language")
    remarks: Text = None
    tags: Items = None
    pages_total: Int = None
    remote_created_at: Moment = Field(None, validation_alias="date_created")
    remote_modified_at: Moment = Field(None, validation_alias=AliasChoices("date_modified", "last_modified_date"))
    won_at: Moment = Field(None, validation_alias="date_won")
    viewed_at: Moment = Field(None, validation_alias=AliasChoices("recent_view", "date_viewed"))
    view_count: Int = Field(None, validation_alias="views")
    pdf_count: Int = Field(None, validation_alias="pdf")

    @classmethod
    def prepare(cls, raw: Mapping[str, object]) -> dict[str, object]:
        ready = dict(raw)
        if "price_total" in ready or "price_total_original" in ready:
            _settle_total(ready)
        logs = ready.get("logs")
        summary = logs.get("summary") if isinstance(logs, dict) else None
        if isinstance(summary, dict):
            # Not `last_modified_user`: the reference shows a date in it, its name suggests a person.
            for name in ("views", "pdf", "recent_view", "last_modified_date"):
                if name in summary:
                    ready[name] = summary[name]
        company = ready.get("company")
        if isinstance(company, dict) and "name" in company:
            ready.setdefault("company_name", company["name"])
        return ready


def _settle_total(ready: dict[str, object]) -> None:
    """Set `price_total`, to the number where Offorte sends one beside a display string, and `price_total_display`."""
    shown, original = ready.get("price_total"), ready.get("price_total_original")
    ready["price_total_display"] = ""
    if isinstance(shown, str):
        try:
            float(shown)
        except ValueError:
            ready["price_total_display"] = shown
    if original is None:
        return
    # A total that a person set instead of the calculated one stays.
    override = ready.get("price_total_override")
    try:
        is_override = override is not None and decode_decimal(shown) == decode_decimal(override)
    except ValueError:
        is_override = False
    if not is_override:
        ready["price_total"] = original
