"""The settings of a connection to Fynn, and the questions that its references leave open."""

from django.utils.translation import gettext_noop

from offorte_portal.other_systems.reasons import Thing
from offorte_portal.other_systems.systems.fynn.mapper import FynnMapper
from offorte_portal.other_systems.systems.fynn.reader import FynnReader
from offorte_portal.other_systems.systems.http import Access, Credentials, Header
from offorte_portal.other_systems.systems.interface import Option, Options, Readable, System, Unknown


def authenticate(options: Options, credentials: Credentials) -> Access:
    """Return access by a bearer token, which belongs to one organisation."""
    return Access(Header("Authorization", f"Bearer {credentials.secret}"))


SYSTEM = System(
    name="fynn",
    label="Fynn",
    thing=gettext_noop("offers"),
    reader=FynnReader,
    mapper=FynnMapper,
    authenticate=authenticate,
    base_url="https://coreapi.io",
    base_url_help=gettext_noop("The sandbox is at https://preview.coreapi.io."),
    secret_label=gettext_noop("API token"),
    secret_help=gettext_noop(
        "In Fynn, go to Settings → Developer. The token starts with api_ and needs the permission offer:read. With "
        "customer:read, the portal also reads addresses, phone numbers and VAT numbers of your customers."
    ),
    readables={
        "quote": Readable(Thing.QUOTES, "offer:read"),
        "customer": Readable(Thing.CUSTOMERS, "customer:read"),
    },
    options=(
        Option("default_currency", gettext_noop("Default currency"), default="EUR"),
        Option(
            "archived_signed_is_won",
            gettext_noop("Count archived offers that were signed as won"),
            "flag",
            False,
            gettext_noop("Otherwise archived offers count as closed."),
        ),
        Option(
            "statuses",
            gettext_noop("Statuses"),
            "statuses",
            {},
            gettext_noop("One per line: status in Fynn = edit, open, won, lost or closed."),
        ),
    ),
    unknowns=(
        Unknown(
            gettext_noop("The rows of an offer"),
            gettext_noop(
                "Fynn doesn’t document them. Each offer has one row with the contract value. Check it "
                "before you copy the offer to Offorte."
            ),
        ),
        Unknown(
            gettext_noop("Whether the contract value is per period and excludes VAT"),
            gettext_noop("Compare a subscription and a one-off offer with Fynn."),
        ),
        Unknown(
            gettext_noop("Which archived offers were lost"),
            gettext_noop("Fynn doesn’t say. If you archive lost offers, enter archived = lost under Statuses."),
        ),
    ),
    warning=gettext_noop("This API of Fynn is in beta and may change without notice."),
    is_beta=True,
    version=3,
    secret_names=frozenset({"url"}),
)
