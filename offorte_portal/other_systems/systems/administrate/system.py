"""The settings of a connection to Administrate, and the questions that its references leave open."""

from django.utils.translation import gettext_noop
from requests.auth import HTTPBasicAuth

from offorte_portal.other_systems.reasons import Thing
from offorte_portal.other_systems.systems.administrate.mapper import AdministrateMapper
from offorte_portal.other_systems.systems.administrate.reader import AdministrateReader
from offorte_portal.other_systems.systems.http import Access, Credentials
from offorte_portal.other_systems.systems.interface import Option, Options, Readable, System, Unknown


def authenticate(options: Options, credentials: Credentials) -> Access:
    """Return access by basic authentication with the e-mail address and password of a "WEB User"."""
    user = str(options.get("username") or "")
    return Access(HTTPBasicAuth(user.encode(), credentials.secret.encode()))


SYSTEM = System(
    name="administrate",
    label="Administrate",
    thing=gettext_noop("opportunities"),
    reader=AdministrateReader,
    mapper=AdministrateMapper,
    authenticate=authenticate,
    base_url_help=gettext_noop("https://, your subdomain, .administrateapp.com; nothing behind it."),
    secret_label=gettext_noop("Password"),
    secret_help=gettext_noop("Of a WEB User of the product type REST API."),
    readables={
        "quote": Readable(Thing.QUOTES),
        "account": Readable(Thing.CUSTOMERS),
        "contact": Readable(Thing.CONTACTS),
    },
    options=(
        Option("username", gettext_noop("E-mail address of the WEB User"), is_required=True),
        Option("default_currency", gettext_noop("Currency where none is told"), default="GBP"),
        Option(
            "statuses",
            gettext_noop("Statuses"),
            "statuses",
            {},
            gettext_noop("One a line: the ID of a step = edit, open, won, lost or closed."),
        ),
    ),
    unknowns=(
        Unknown(
            gettext_noop("The stages beside Open."),
            gettext_noop(
                "Won and lost are taken by their names; enter the IDs of other steps in the table of statuses."
            ),
        ),
        Unknown(
            gettext_noop("Whether prices are for one, and without VAT."),
            gettext_noop("Compare a quote with two places with its PDF."),
        ),
        Unknown(
            gettext_noop("Whether the closing date is expected or actual."),
            gettext_noop("It is shown as the day of acceptance for what was won only."),
        ),
    ),
    warning=gettext_noop(
        "Administrate has announced that this API ends on 12 May 2026; what is imported by then stays in the portal."
    ),
    requests_per_second=10,
    version=2,
)
