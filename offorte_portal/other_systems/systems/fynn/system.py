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
        "From Fynn: Settings → Developer. It begins with api_ and needs the right offer:read. With customer:read the "
        "portal also gets addresses, phone numbers and VAT numbers of your customers."
    ),
    readables={
        "quote": Readable(Thing.QUOTES, "offer:read"),
        "customer": Readable(Thing.CUSTOMERS, "customer:read"),
    },
    options=(
        Option("default_currency", gettext_noop("Currency where none is told"), default="EUR"),
        Option(
            "archived_signed_is_won",
            gettext_noop("Archived and signed counts as won"),
            "flag",
            False,
            gettext_noop("Otherwise an archived offer is closed."),
        ),
        Option(
            "statuses",
            gettext_noop("Statuses"),
            "statuses",
            {},
            gettext_noop("One a line: the status at Fynn = edit, open, won, lost or closed."),
        ),
    ),
    unknowns=(
        Unknown(
            gettext_noop("The rows of an offer: how prices are made up is not documented."),
            gettext_noop("Each offer is shown with one row, its contract value. Check it before you make it anew."),
        ),
        Unknown(
            gettext_noop("Whether the contract value is per period, and without VAT."),
            gettext_noop("Compare one subscription and one single offer with what Fynn shows."),
        ),
        Unknown(
            gettext_noop("Which archived offers were lost."),
            gettext_noop("Nothing tells. Enter archived = lost below if that is how you use it."),
        ),
    ),
    warning=gettext_noop("This API of Fynn's is a beta: answers may change without notice."),
    is_beta=True,
    version=3,
    secret_names=frozenset({"url"}),
)
