"""What a field of an import is, and the fields that several kinds of import share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrOrPromise

from offorte_portal.files.imports import parsing
from offorte_portal.text.reason import Reason

Parse = Callable[[str], Any]


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of an import; `words` are the names of columns that hold it, the most specific first.

    `name` is that of Offorte's parameter, or, if it `is_part`, what is joined to one (`joining.py`). `parse` converts
    the text of a cell that is not empty, or raises ValidationError; `check` returns what looks wrong with a value that
    is accepted nevertheless. `is_required` means that no record can be created without the field.

    Of a field that `is_repeatable` a file may have several columns, and a cell several values (`split`): the first
    that can be read is used. `spare` are the names of columns that hold it only where the others are empty.
    """

    name: str
    label: StrOrPromise
    words: Sequence[str] = ()
    spare: Sequence[str] = ()
    parse: Parse = parsing.parse_line
    split: Callable[[str], list[str]] | None = None
    is_required: bool = False
    is_repeatable: bool = False
    is_part: bool = False
    check: Callable[[Any], Reason | None] | None = None
    example: str = ""


ID = Field(name="id", label=gettext_lazy("Offorte ID"), words=("id", "offorte id", "remote id"), parse=parsing.parse_id)
ADDRESS = (
    Field(
        name="street",
        label=gettext_lazy("Street and number"),
        words=(
            "street", "straat", "straat en huisnummer", "straat en nummer", "straatnaam",
            "street address", "street name", "address line 1", "address 1", "adresregel 1", "adres 1", "street 1",
            "straat 1", "street and number", "street address 1", "strasse", "strasse und hausnummer", "strasse 1",
            "adresse 1", "rue", "street road name", "strasse hausnummer", "strasse nr", "straat huisnummer",
            "straatadres",
        ),
        spare=("address", "adres", "adresse", "anschrift"),
        parse=parsing.parse_street,
        is_repeatable=True,
        example="Ginnekenweg 1",
    ),
    Field(
        name="house_number",
        is_part=True,
        label=gettext_lazy("House number"),
        words=(
            "house number", "huisnummer", "huisnr", "hausnummer", "hausnr", "house no",
            "street number", "straatnummer", "adres huisnummer", "numero de rue",
        ),
        is_repeatable=True,
    ),
    Field(
        name="addition",
        is_part=True,
        label=gettext_lazy("House number addition"),
        words=(
            "house number addition", "huisnummertoevoeging", "toevoeging", "huisnummer toevoeging", "addition",
            "toev", "toevoeging huisnummer", "toevoeging aan huisnummer", "huisnr toev", "huisnrtoevoeging",
            "hausnummerzusatz", "apartment suite", "suite", "toev huisnummer", "house number suffix",
        ),
        is_repeatable=True,
    ),
    Field(
        name="house_letter",
        is_part=True,
        label=gettext_lazy("House letter"),
        words=("huisletter", "house letter", "hausbuchstabe"),
        is_repeatable=True,
    ),
    Field(
        name="box",
        is_part=True,
        label=gettext_lazy("Box"),
        words=("bus nummer", "box number", "busnummer"),
        is_repeatable=True,
    ),
    Field(
        name="street_2",
        is_part=True,
        label=gettext_lazy("Address line 2"),
        words=(
            "street 2", "address 2", "straat 2", "adres 2", "adresregel 2", "address line 2", "street address 2",
            "extended address", "strasse 2", "adresse 2", "adresszusatz", "line 2",
        ),
        parse=parsing.parse_street,
        is_repeatable=True,
    ),
    Field(
        name="street_3",
        is_part=True,
        label=gettext_lazy("Address line 3"),
        words=(
            "street 3", "address 3", "straat 3", "adres 3", "adresregel 3", "address line 3", "street address 3",
            "strasse 3", "adresse 3",
        ),
        parse=parsing.parse_street,
        is_repeatable=True,
    ),
    Field(
        name="zipcode",
        label=gettext_lazy("Zip code"),
        words=(
            "zipcode", "zip code", "zip", "postal code", "postcode", "post code", "plz", "postleitzahl", "code postal",
            "zip postal code", "zip postcode", "pc",
        ),
        is_repeatable=True,
        example="4800 AA",
    ),
    Field(
        name="city",
        label=gettext_lazy("City"),
        words=(
            "city", "town", "plaats", "stad", "woonplaats", "plaatsnaam", "vestigingsplaats", "ort", "stadt", "ville",
            "gemeente", "city town", "city town village locality", "wohnort", "locality",
        ),
        is_repeatable=True,
        example="Breda",
    ),
    Field(
        name="state",
        label=pgettext_lazy("part of a country", "Province or state"),
        words=(
            "state", "province", "provincie", "province or state", "provincie of staat", "region", "regio",
            "state region", "bundesland", "state province", "state county", "county", "staat regio",
            "bundesland kanton",
        ),
        is_repeatable=True,
        example="Noord-Brabant",
    ),
    Field(
        name="country",
        label=gettext_lazy("Country"),
        words=(
            "country", "land", "country region", "land regio", "land region", "landnaam", "country code", "landcode",
            "landcode iso", "country name", "pays", "laendercode",
        ),
        parse=parsing.parse_country,
        is_repeatable=True,
        example="Nederland",
    ),
)  # fmt: skip
IN_ADDRESS = frozenset(field.name for field in ADDRESS)
EMAIL = Field(
    name="email",
    label=gettext_lazy("E-mail"),
    words=(
        "email", "e mail", "email address", "mail", "emailadres", "mailadres", "email adresse", "email value",
        "adresse email", "courriel", "email id",
    ),
    parse=parsing.parse_email,
    split=parsing.split_emails,
    is_repeatable=True,
    example="info@example.com",
)  # fmt: skip
MOBILE_WORDS = (
    "mobile", "mobile phone", "cell", "mobiel", "mobiele telefoon", "gsm", "mobiel nummer", "mobile number",
    "mobile phone number", "mobieltelefoon", "mobieletelefoon", "telefoon mobiel", "phone mobile", "cell phone",
    "mobiltelefon", "mobil", "handy", "mobilnummer", "telefon mobil", "mobile telephone", "portable", "tel mobiel",
    "gsm nummer", "telefoonnummer mobiel", "mobiele nummer", "iphone", "mob", "mobiel telefoonnummer",
    "telephone portable", "telephone mobile",
)  # fmt: skip
PHONE = Field(
    name="phone",
    label=gettext_lazy("Phone"),
    words=(
        "phone", "telephone", "phone number", "tel", "telefoon", "telefoonnummer", "telefon", "telefonnummer",
        "phone value", "telephone number", "telefoon nummer", "vaste telefoon", "telefoon vast", "telnummer",
        "festnetz", "telefoon op", "haupttelefon", "hoofdtelefoon",
    ),
    split=parsing.split_numbers,
    is_repeatable=True,
    example="+31 76 123 4567",
)  # fmt: skip
WEB = (
    Field(
        name="internet",
        label=gettext_lazy("Website"),
        words=(
            "internet", "website", "web", "url", "site", "webadres", "web page", "webpagina", "webseite", "homepage",
            "website url", "internetadres", "website address", "webpage", "site web", "internetseite", "web site",
        ),
        spare=("company domain name", "domain", "domein", "domeinnaam", "domeinnaam bedrijf", "domain name"),
        is_repeatable=True,
        example="https://www.example.com",
    ),
    Field(
        name="linkedin",
        label=gettext_lazy("LinkedIn"),
        words=("linkedin", "linkedin profile", "linkedin url", "linkedin company page", "profile url", "linkedin bio"),
    ),
    Field(name="facebook", label=gettext_lazy("Facebook"), words=("facebook", "facebook company page")),
    Field(name="twitter", label=gettext_lazy("Twitter"), words=("twitter", "twitter handle", "twitter username")),
)  # fmt: skip
VAT_WORDS = (
    "vat number", "vat", "vat no", "btw nummer", "btw", "btw nr", "btw id", "btw identificatienummer", "vat id",
    "tax number", "btwnummer", "ust idnr", "ust id", "umsatzsteuer id", "numero de tva", "vat registration number",
    "btw identificatie", "ustidnr", "btw plichtig nummer", "tax id",
)  # fmt: skip
CHAMBER_WORDS = (
    "coc number", "chamber of commerce number", "coc", "kvk nummer", "kvk", "kvk nr", "kamer van koophandel",
    "nummer kvk", "chamber of commerce", "kvknummer", "handelsregisternummer", "dossiernummer kvk", "kvk dossiernummer",
    "ondernemingsnummer", "company registration number", "siren", "siret",
    "dossiernummer", "handelsregister", "inschrijfnummer kvk", "national identification number",
)  # fmt: skip
