"""The fields of a file of companies."""

from dataclasses import replace

from django.utils.translation import gettext_lazy

from offorte_portal.files.imports.fields import (
    ADDRESS,
    CHAMBER_WORDS,
    EMAIL,
    ID,
    MOBILE_WORDS,
    PHONE,
    VAT_WORDS,
    WEB,
    Field,
)
from offorte_portal.text.vat_numbers import check_vat_number

COMPANIES = (
    Field(
        name="name",
        label=gettext_lazy("Name"),
        words=(
            "name", "company", "company name", "naam", "bedrijf", "bedrijfsnaam", "organisatie", "klant", "klantnaam",
            "organization name", "account name", "handelsnaam", "relatie", "relatienaam", "firma", "firmenname",
            "organisation", "organization", "organisatienaam", "naam bedrijf", "naam organisatie", "debiteur",
            "debiteurnaam", "unternehmen", "statutaire naam", "zaaknaam", "societe", "entreprise", "account",
            "onderneming", "naam relatie", "eerste handelsnaam", "display name", "weergavenaam", "naam 1",
        ),
        is_required=True,
        example="Voorbeeld BV",
    ),
    ID,
    Field(
        name="vat_number",
        label=gettext_lazy("VAT number"),
        words=VAT_WORDS,
        check=check_vat_number,
        example="NL004495445B01",
    ),
    Field(
        name="coc_number",
        label=gettext_lazy("Chamber of commerce number"),
        words=CHAMBER_WORDS,
        example="01234567",
    ),
    EMAIL,
    replace(PHONE, spare=(*MOBILE_WORDS, "main phone", "hoofdtelefoon bedrijf", "telefon firma")),
    Field(name="fax", label=gettext_lazy("Fax"), words=("fax", "faxnummer", "fax number", "telefax", "fax nr")),
    *ADDRESS,
    *WEB,
)  # fmt: skip
