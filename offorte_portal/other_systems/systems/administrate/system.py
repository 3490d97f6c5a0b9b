"""The settings of a connection to Administrate, and the questions that its references leave open."""

from datetime import date

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
    base_url_help=gettext_noop("For example https://yourcompany.administrateapp.com"),
    secret_label=gettext_noop("Password"),
    secret_help=gettext_noop("Of a WEB User with product type REST API."),
    readables={
        "quote": Readable(Thing.QUOTES),
        "account": Readable(Thing.CUSTOMERS),
        "contact": Readable(Thing.CONTACTS),
    },
    options=(
        Option("username", gettext_noop("E-mail address of the WEB User"), is_required=True),
        Option("default_currency", gettext_noop("Default currency"), default="GBP"),
        Option(
            "statuses",
            gettext_noop("Statuses"),
            "statuses",
            {},
            gettext_noop("One per line: step ID = edit, open, won, lost or closed."),
        ),
    ),
    unknowns=(
        Unknown(
            gettext_noop("The names of the stages other than Open"),
            gettext_noop("The portal recognises won and lost by name. Enter the IDs of other steps under Statuses."),
        ),
        Unknown(
            gettext_noop("Whether prices are per unit and exclude VAT"),
            gettext_noop("Compare a quote for two places with its PDF."),
        ),
        Unknown(
            gettext_noop("Whether the closing date is expected or actual"),
            gettext_noop("The portal only shows it for won quotes, as the date of acceptance."),
        ),
    ),
    warning=gettext_noop(
        "Administrate will end this API on 12 May 2026. Quotes that you import before then stay in the portal."
    ),
    ends_on=date(2026, 5, 12),
    ended=gettext_noop(
        "Administrate ended this API on 12 May 2026, so new imports will probably fail. Quotes that were imported "
        "before stay in the portal: you can still search them, match their customers and copy them to Offorte."
    ),
    requests_per_second=10,
    version=2,
)
