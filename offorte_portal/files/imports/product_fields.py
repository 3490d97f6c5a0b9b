"""The fields of a file of products."""

from django.utils.translation import gettext_lazy

from offorte_portal.files.imports import parsing
from offorte_portal.files.imports.fields import ID, Field

_WITHOUT_VAT = (
    "verkoopprijs excl btw", "prijs excl btw", "verkoopprijs exclusief btw", "price excl vat", "sales price", "preis",
    "verkaufspreis", "prijs exclusief btw",
)  # fmt: skip
PRODUCTS = (
    Field(
        name="name",
        label=gettext_lazy("Name"),
        words=("name", "product", "product name", "naam", "productnaam", "artikel", "artikelnaam"),
        is_required=True,
        example="Zonnepaneel 430 Wp",
    ),
    ID,
    Field(
        name="sku",
        label=gettext_lazy("SKU"),
        words=("sku", "article number", "product number", "artikelnummer", "artikelcode", "productcode", "code"),
        example="ZP-430",
    ),
    Field(
        name="directory",
        label=gettext_lazy("Directory"),
        words=(
            "directory",
            "product directory",
            "directory id",
            "folder",
            "category",
            "map",
            "productmap",
            "categorie",
            "groep",
        ),
        is_required=True,
        example="Zonnepanelen",
    ),
    Field(
        name="price",
        label=gettext_lazy("Price"),
        words=("price", "unit price", "prijs", "stukprijs", "verkoopprijs", "bedrag", *_WITHOUT_VAT),
        parse=parsing.parse_price,
        example="1.234,50",
    ),
    Field(
        name="vat",
        label=gettext_lazy("VAT group"),
        words=(
            "vat group",
            "vat",
            "vat id",
            "vat rate",
            "btw groep",
            "btw",
            "btw tarief",
            "btw percentage",
            "btw code",
        ),
        example="21%",
    ),
    Field(
        name="optional",
        label=gettext_lazy("Optional"),
        words=("optional", "optioneel"),
        parse=parsing.parse_yes_no,
        example="nee",
    ),
    Field(
        name="descr_short",
        label=gettext_lazy("Short description"),
        words=("descr short", "short description", "description", "omschrijving", "korte omschrijving", "beschrijving"),
        parse=parsing.parse_text,
        example="Monokristallijn, 25 jaar garantie",
    ),
)
