"""The fields of a file of people."""

from dataclasses import replace

from django.utils.translation import gettext_lazy

from offorte_portal.files.imports import parsing
from offorte_portal.files.imports.fields import ADDRESS, EMAIL, ID, MOBILE_WORDS, PHONE, WEB, Field

PEOPLE = (
    Field(
        name="company",
        label=gettext_lazy("Company"),
        words=(
            "company", "company name", "company id", "bedrijf", "bedrijfsnaam", "organisatie", "klant", "bedrijf id",
            "organization name", "organization", "organisation", "account name", "account", "firma", "relatie",
            "associated company", "primary associated company", "organisatienaam", "relatienaam", "klantnaam",
            "person organization", "naam organisatie", "naam bedrijf", "unternehmen", "societe", "entreprise",
            "werkgever", "employer", "handelsnaam", "debiteur", "firmenname", "naam relatie", "linked company",
            "associated company names", "current company",
        ),
        is_required=True,
        example="Voorbeeld BV",
    ),
    ID,
    Field(
        name="fullname",
        label=gettext_lazy("Full name"),
        words=(
            "fullname", "full name", "name", "volledige naam", "naam", "contact", "contactpersoon", "contact name",
            "display name", "person name", "naam contactpersoon", "weergavenaam", "contact person", "ansprechpartner",
            "anzeigename", "vollstandiger name", "nom complet", "persoon", "medewerker",
        ),
        is_required=True,
        example="Sanne de Vries",
    ),
    replace(EMAIL, is_required=True, example="sanne@example.com"),
    Field(
        name="salutation",
        label=gettext_lazy("Salutation"),
        words=(
            "salutation", "aanhef", "title", "titel", "name prefix", "anrede", "honorific", "courtesy title",
            "civilite", "honorific prefix", "titel aanhef", "aanspreekvorm", "aanspreektitel",
        ),
        example="Mevrouw",
    ),
    Field(
        name="firstname",
        label=gettext_lazy("First name"),
        words=(
            "firstname", "first name", "given name", "voornaam", "roepnaam", "vorname", "prenom", "forename",
            "voornamen",
        ),
        example="Sanne",
    ),
    Field(
        name="middle_name",
        is_part=True,
        label=gettext_lazy("Middle name or prefix (van der)"),
        words=(
            "voorvoegsel", "tussenvoegsel", "voorvoegsels", "tussenvoegsels", "middle name", "additional name",
            "middelste naam", "tweede voornaam", "weitere vornamen", "zweiter vorname", "voorvoegsel achternaam",
            "last name prefix", "surname prefix", "infix", "name infix", "prefix", "namenszusatz", "tussenv",
            "voorv", "insertion", "overige voornamen", "deuxieme prenom", "preposition",
        ),
    ),
    Field(
        name="lastname",
        label=gettext_lazy("Last name"),
        words=(
            "lastname", "last name", "surname", "family name", "achternaam", "familienaam", "nachname", "familienname",
            "nom de famille", "nom",
        ),
        example="de Vries",
    ),
    Field(
        name="phone_label",
        is_part=True,
        label=gettext_lazy("Phone type (for example Mobile)"),
        words=("phone label", "phone type", "telefoon label", "telefoon type", "telefon typ", "telefon label"),
        is_repeatable=True,
    ),
    replace(PHONE, spare=(
            "main phone", "company main phone", "hoofdtelefoon bedrijf", "telefon firma", "car phone", "autotelefoon",
            "autotelefon",
        ),
    ),
    Field(
        name="mobile",
        label=gettext_lazy("Mobile"),
        words=MOBILE_WORDS,
        split=parsing.split_numbers,
        is_repeatable=True,
        example="+31 6 1234 5678",
    ),
    *ADDRESS,
    *WEB,
)  # fmt: skip
