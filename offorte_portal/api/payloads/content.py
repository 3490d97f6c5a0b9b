"""The price tables of a proposal (reference, "Get proposal details"; notes, "live service")."""

from collections.abc import Mapping

from pydantic import AliasChoices, Field

from offorte_portal.api.payloads.base import Amount, Bool, Int, Items, Payload, Text


class VatLinePayload(Payload):
    """The part of one rate in the VAT of a price table."""

    percentage: Amount = None
    total: Amount = None
    group_name: Text = None


class PriceTablePayload(Payload):
    """A price table with its settings; `vat_lines` stays raw, see VatLinePayload, and `rows` is read separately."""

    key: Text = Field(None, validation_alias="id")
    subtotal: Amount = None
    total: Amount = None
    vat_default_percentage: Amount = None
    is_vat_hidden: Bool = Field(None, validation_alias="vat_hidden")
    rows_include_vat: Bool = None
    vat_lines: Items = Field(None, validation_alias="vat")

    @classmethod
    def prepare(cls, raw: Mapping[str, object]) -> dict[str, object]:
        settings = raw.get("settings")
        return {**settings, **raw} if isinstance(settings, dict) else dict(raw)


class PriceRowPayload(Payload):
    """A row of a price table of any type; `content` is HTML as people wrote it.

    `discount_type` is "amount", "percentage" or None where the live service says that there is no discount.
    """

    type: Text = None
    content: Text = None
    count: Amount = Field(None, validation_alias=AliasChoices("quantity", "count"))
    price: Amount = None
    subtotal: Amount = None
    vat_percentage: Amount = None
    discount: Amount = Field(None, validation_alias=AliasChoices("discount_value", "discount"))
    discount_type: Text = None
    product_remote_id: Int = Field(None, validation_alias="product_id")
    sku: Text = None
    userinput_optional: Bool = Field(None, validation_alias=AliasChoices("selectable", "userinput_optional"))
    userinput_optional_checked: Bool = Field(
        None, validation_alias=AliasChoices("user_selected", "userinput_optional_checked")
    )
    userinput_count: Bool = Field(None, validation_alias=AliasChoices("user_quantity", "userinput_count"))
