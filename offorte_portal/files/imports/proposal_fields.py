"""The fields of a file of proposals. Rows with the same group make up one proposal."""

from django.utils.translation import gettext_lazy

from offorte_portal.files.imports import parsing
from offorte_portal.files.imports.fields import Field
from offorte_portal.text.vat_numbers import check_vat_number

COMPANY = (
    Field(
        name="company",
        label=gettext_lazy("Company"),
        words=("company", "company name", "customer", "bedrijf", "bedrijfsnaam", "klant", "klantnaam", "organisatie"),
        is_required=True,
        example="Voorbeeld BV",
    ),
    Field(
        name="company_id",
        label=gettext_lazy("Offorte ID of the company"),
        words=("company id", "offorte id", "bedrijf id", "klant id", "id"),
        parse=parsing.parse_id,
    ),
    Field(
        name="vat_number",
        label=gettext_lazy("VAT number"),
        words=("vat number", "vat no", "btw nummer", "btw nr", "btw id"),
        check=check_vat_number,
        example="NL004495445B01",
    ),
    Field(
        name="coc_number",
        label=gettext_lazy("Chamber of commerce number"),
        words=("coc number", "chamber of commerce number", "coc", "kvk nummer", "kvk", "kvk nr"),
        example="01234567",
    ),
    Field(name="city", label=gettext_lazy("City"), words=("city", "town", "plaats", "stad"), example="Breda"),
)
CONTACT = (
    Field(
        name="contact",
        label=gettext_lazy("Recipient"),
        words=(
            "contact",
            "receiver",
            "recipient",
            "person",
            "contactpersoon",
            "contact person",
            "ontvanger",
            "ter attentie van",
        ),
        example="Sanne de Vries",
    ),
    Field(
        name="firstname",
        label=gettext_lazy("First name"),
        words=("firstname", "first name", "voornaam"),
        example="Sanne",
    ),
    Field(
        name="email",
        label=gettext_lazy("Recipient e-mail"),
        words=(
            "email",
            "e mail",
            "email address",
            "mail",
            "emailadres",
            "contact email",
            "email of the receiver",
            "e mail of the receiver",
        ),
        parse=parsing.parse_email,
        example="sanne@example.com",
    ),
)
HEAD = (
    Field(
        name="name",
        label=gettext_lazy("Proposal name"),
        words=(
            "proposal",
            "proposal name",
            "name",
            "name of the proposal",
            "subject",
            "offerte",
            "offertenaam",
            "onderwerp",
            "naam",
        ),
        example="Onderhoud {company} 2027",
    ),
    Field(
        name="group",
        label=gettext_lazy("Group"),
        words=("group", "proposal number", "groep", "offertenummer", "bundle", "bundel", "nummer", "number"),
        example="1",
    ),
    Field(
        name="owner",
        label=gettext_lazy("Owner"),
        words=("owner", "account manager", "sales person", "eigenaar", "accountmanager", "verkoper"),
    ),
    Field(
        name="proposal_template",
        label=gettext_lazy("Proposal template"),
        words=("proposal template", "template", "sjabloon", "offertesjabloon"),
    ),
    Field(
        name="design_template",
        label=gettext_lazy("Design template"),
        words=("design template", "design", "ontwerp", "ontwerpsjabloon"),
    ),
    Field(
        name="text_template",
        label=gettext_lazy("Text template"),
        words=("text template", "tekstsjabloon"),
    ),
    Field(
        name="date",
        label=gettext_lazy("Date in the name"),
        words=("date", "datum"),
        parse=parsing.parse_date,
        example="31-12-2026",
    ),
)
ROWS = (
    Field(
        name="content",
        label=gettext_lazy("Row: description"),
        words=(
            "content",
            "description",
            "product",
            "omschrijving",
            "artikel",
            "regel",
            "row what it says",
            "regel wat er staat",
        ),
        parse=parsing.parse_text,
        example="Jaarlijks onderhoud",
    ),
    Field(
        name="quantity",
        label=gettext_lazy("Row: quantity"),
        words=("quantity", "count", "number of", "aantal", "hoeveelheid"),
        parse=parsing.parse_price,
        example="2",
    ),
    Field(
        name="price",
        label=gettext_lazy("Row: price"),
        words=("price", "unit price", "prijs", "stukprijs", "bedrag"),
        parse=parsing.parse_price,
        example="1234,50",
    ),
    Field(
        name="discount",
        label=gettext_lazy("Row: discount, %"),
        words=("discount", "discount percentage", "korting", "kortingspercentage"),
        parse=parsing.parse_percent,
        example="10%",
    ),
    Field(
        name="vat",
        label=gettext_lazy("Row: VAT, %"),
        words=("vat", "vat percentage", "vat rate", "btw", "btw percentage", "btw tarief"),
        parse=parsing.parse_percent,
        example="21%",
    ),
    Field(
        name="table",
        label=gettext_lazy("Row: price table"),
        words=("price table", "pricetable", "table", "prijstabel", "tabel"),
    ),
)
PROPOSALS = (*COMPANY, *CONTACT, *HEAD, *ROWS)
