"""Products, their directories and VAT groups (reference, "Products" and "VAT groups list")."""

from pydantic import AliasChoices, Field

from offorte_portal.api.payloads.base import Amount, Bool, Int, Payload, Text


class VatGroupPayload(Payload):
    """A VAT group; `vat` is a percentage."""

    remote_id: Int = Field(None, validation_alias="id")
    name: Text = None
    vat: Amount = None
    label: Text = None


class DirectoryPayload(Payload):
    """A directory of products."""

    remote_id: Int = Field(None, validation_alias="id")
    name: Text = None


class ProductPayload(Payload):
    """A product; the list has only its id and name."""

    remote_id: Int = Field(None, validation_alias=AliasChoices("id", "product_id"))
    name: Text = None
    sku: Text = None
    price: Amount = None
    vat_remote_id: Int = Field(None, validation_alias="vat_id")
    is_optional: Bool = Field(None, validation_alias="optional")
    descr_short: Text = None
    directory_remote_id: Int = Field(None, validation_alias="directory_id")
