"""The fields of each kind of import: how their cells are parsed, and what people call their columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrOrPromise

from offorte_portal.files.imports import parsing
from offorte_portal.text.reason import Reason
from offorte_portal.text.vat_numbers import check_vat_number

Parse = Callable[[str], Any]


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of an import; `words` are the names of columns that hold it, the most specific first.

    `name` is that of Offorte's parameter, where there is one. `parse` converts the text of a cell that is not empty, or
    raises ValidationError; `check` returns what looks wrong with a value that is accepted nevertheless. `is_required`
    means that no record can be created without the field.
    """

    name: str
    label: StrOrPromise
    words: Sequence[str] = ()
    parse: Parse = parsing.parse_line
    is_required: bool = False
    check: Callable[[Any], Reason | None] | None = None
    example: str = ""


ID = Field(name="id", label=gettext_lazy("Offorte ID"), words=("id", "offorte id", "remote id"), parse=parsing.parse_id)
_ADDRESS = (
    Field(
        name="street",
        label=gettext_lazy("Street and number"),
        words=("street", "address", "straat", "adres", "straat en huisnummer", "straat en nummer"),
        example="Ginnekenweg 1",
    ),
    Field(
        name="zipcode",
        label=gettext_lazy("Zip code"),
        words=("zipcode", "zip code", "zip", "postal code", "postcode"),
        example="4800 AA",
    ),
    Field(
        name="city",
        label=gettext_lazy("City"),
        words=("city", "town", "plaats", "stad", "woonplaats", "plaatsnaam", "vestigingsplaats"),
        example="Breda",
    ),
    Field(
        name="state",
        label=pgettext_lazy("part of a country", "Province or state"),
        words=("state", "province", "provincie", "province or state", "provincie of staat", "region", "regio"),
        example="Noord-Brabant",
    ),
    Field(
        name="country",
        label=gettext_lazy("Country"),
        words=("country", "land"),
        example="Nederland",
    ),
)
_EMAIL_WORDS = ("email", "e mail", "email address", "mail", "emailadres", "mailadres")
_PHONE = Field(
    name="phone",
    label=gettext_lazy("Phone"),
    words=("phone", "telephone", "phone number", "tel", "telefoon", "telefoonnummer"),
    example="+31 76 123 4567",
)
_WEB = (
    Field(
        name="internet",
        label=gettext_lazy("Website"),
        words=("internet", "website", "web", "url", "site", "webadres"),
        example="https://www.example.com",
    ),
    Field(name="linkedin", label=gettext_lazy("LinkedIn"), words=("linkedin",)),
    Field(name="facebook", label=gettext_lazy("Facebook"), words=("facebook",)),
    Field(name="twitter", label=gettext_lazy("Twitter"), words=("twitter",)),
)

COMPANIES = (
    Field(
        name="name",
        label=gettext_lazy("Name"),
        words=(
            "name",
            "company",
            "company name",
            "naam",
            "bedrijf",
            "bedrijfsnaam",
            "organisatie",
            "klant",
            "klantnaam",
        ),
        is_required=True,
        example="Voorbeeld BV",
    ),
    ID,
    Field(
        name="vat_number",
        label=gettext_lazy("VAT number"),
        words=("vat number", "vat", "vat no", "btw nummer", "btw", "btw nr", "btw id"),
        check=check_vat_number,
        example="NL004495445B01",
    ),
    Field(
        name="coc_number",
        label=gettext_lazy("Chamber of commerce number"),
        words=(
            "coc number",
            "chamber of commerce number",
            "coc",
            "kvk nummer",
            "kvk",
            "kvk nr",
            "kamer van koophandel",
        ),
        example="01234567",
    ),
    Field(
        name="email",
        label=gettext_lazy("E-mail"),
        words=_EMAIL_WORDS,
        parse=parsing.parse_email,
        example="info@example.com",
    ),
    _PHONE,
    Field(name="fax", label=gettext_lazy("Fax"), words=("fax", "faxnummer", "fax number")),
    *_ADDRESS,
    *_WEB,
)

PEOPLE = (
    Field(
        name="company",
        label=gettext_lazy("Company"),
        words=(
            "company",
            "company name",
            "company id",
            "bedrijf",
            "bedrijfsnaam",
            "organisatie",
            "klant",
            "bedrijf id",
        ),
        is_required=True,
        example="Voorbeeld BV",
    ),
    ID,
    Field(
        name="fullname",
        label=gettext_lazy("Full name"),
        words=("fullname", "full name", "name", "volledige naam", "naam", "contact", "contactpersoon"),
        is_required=True,
        example="Sanne de Vries",
    ),
    Field(
        name="email",
        label=gettext_lazy("E-mail"),
        words=_EMAIL_WORDS,
        parse=parsing.parse_email,
        is_required=True,
        example="sanne@example.com",
    ),
    Field(
        name="salutation",
        label=gettext_lazy("Salutation"),
        words=("salutation", "aanhef", "title", "titel"),
        example="Mevrouw",
    ),
    Field(
        name="firstname",
        label=gettext_lazy("First name"),
        words=("firstname", "first name", "given name", "voornaam"),
        example="Sanne",
    ),
    Field(
        name="lastname",
        label=gettext_lazy("Last name"),
        words=("lastname", "last name", "surname", "family name", "achternaam"),
        example="de Vries",
    ),
    _PHONE,
    Field(
        name="mobile",
        label=gettext_lazy("Mobile"),
        words=("mobile", "mobile phone", "cell", "mobiel", "mobiele telefoon", "gsm"),
        example="+31 6 1234 5678",
    ),
    *_ADDRESS,
    *_WEB,
)

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
        words=("price", "unit price", "prijs", "stukprijs", "verkoopprijs", "bedrag"),
        parse=parsing.parse_price,
        example="1.234,50",
    ),
    Field(
        name="vat",
        label=gettext_lazy("VAT group"),
        words=("vat group", "vat", "vat id", "vat rate", "btw groep", "btw", "btw tarief", "btw percentage"),
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
