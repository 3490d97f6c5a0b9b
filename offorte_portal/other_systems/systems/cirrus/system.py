"""The settings of a connection to Cirrus, and the questions that its reference leaves open."""

from django.utils.translation import gettext_noop
from requests.auth import AuthBase, HTTPBasicAuth

from offorte_portal.other_systems.reasons import Thing
from offorte_portal.other_systems.systems.cirrus.mapper import CirrusMapper
from offorte_portal.other_systems.systems.cirrus.mover import CirrusMover
from offorte_portal.other_systems.systems.cirrus.reader import PATHS, CirrusReader
from offorte_portal.other_systems.systems.errors import Malformed
from offorte_portal.other_systems.systems.http import Access, Credentials, Header, post_for_token
from offorte_portal.other_systems.systems.interface import Option, Options, Readable, System, Unknown
from offorte_portal.other_systems.systems.reading import text, to_number

TOKEN_URL = "https://account.cirruscrm.io/oauth/token"  # noqa: S105 - an address


def authenticate(options: Options, credentials: Credentials) -> Access:
    """Return access by the X-Token as it was issued, or by a bearer token that client id and secret are exchanged for.

    Raises SourceError where a bearer token can't be obtained.
    """
    if options.get("authentication") != "oauth":
        return Access(Header("X-Token", credentials.secret))

    def renew() -> AuthBase:
        client = HTTPBasicAuth(str(options.get("client_id") or "").encode(), credentials.secret.encode())
        url = str(options.get("token_url") or TOKEN_URL)
        answer = post_for_token(url, client, {"grant_type": "client_credentials"})
        token, seconds = text(answer, "access_token"), to_number(answer.get("expires_in"))
        if not token:
            raise Malformed
        credentials.keep(token, None if seconds is None else float(seconds))
        return Header("Authorization", f"Bearer {token}")

    known = Header("Authorization", f"Bearer {credentials.token}") if credentials.token else renew()
    return Access(known, renew)


SYSTEM = System(
    name="cirrus",
    label="Cirrus CRM",
    thing=gettext_noop("quotes"),
    reader=CirrusReader,
    mapper=CirrusMapper,
    authenticate=authenticate,
    base_url_help=gettext_noop("You find it on the documentation page that you got from Cirrus."),
    secret_label=gettext_noop("Token or client secret"),
    secret_help=gettext_noop("The X-Token or the secret of the OAuth client. Your contact at Cirrus provides both."),
    readables={
        "quote": Readable(Thing.QUOTES),
        "account": Readable(Thing.CUSTOMERS),
        "article": Readable(Thing.ARTICLES),
        "order": Readable(Thing.ORDERS),
        "contact": Readable(Thing.CONTACTS),
        "unit": Readable(Thing.UNITS),
        "group": Readable(Thing.GROUPS),
        "opportunity": Readable(Thing.OPPORTUNITIES),
    },
    mover=CirrusMover,
    options=(
        Option(
            "authentication",
            gettext_noop("Authentication"),
            "choice",
            "token",
            choices=(("token", "X-Token"), ("oauth", "OAuth 2")),
        ),
        Option("client_id", gettext_noop("Client ID"), help=gettext_noop("Only for OAuth 2.")),
        Option("token_url", gettext_noop("Token URL"), "url", TOKEN_URL, gettext_noop("Only for OAuth 2.")),
        Option(
            "paths",
            gettext_noop("Paths"),
            "paths",
            PATHS,
            gettext_noop(
                "One per line: operation = path. These are our best guess, because Cirrus doesn’t document them."
            ),
        ),
        Option("default_currency", gettext_noop("Default currency"), default="SEK"),
        Option(
            "default_is_draft",
            gettext_noop("The first status is a draft"),
            "flag",
            True,
            gettext_noop("Active quotes in the default status then count as In edit. Otherwise they count as Open."),
        ),
        Option(
            "statuses",
            gettext_noop("Statuses"),
            "statuses",
            {},
            gettext_noop("One per line: status ID = edit, open, won, lost or closed."),
        ),
        Option(
            "read_articles",
            gettext_noop("Read VAT rates from articles"),
            "flag",
            False,
            gettext_noop("Takes one extra request per article."),
        ),
        Option(
            "read_orders",
            gettext_noop("Read order numbers and acceptance dates from orders"),
            "flag",
            False,
            gettext_noop("Takes two extra requests per quote that became an order."),
        ),
        Option(
            "read_opportunities",
            gettext_noop("Read lost reasons from opportunities"),
            "flag",
            False,
            gettext_noop("Takes one extra request per lost quote with an opportunity."),
        ),
    ),
    unknowns=(
        Unknown(
            gettext_noop("The address and the paths of the API"),
            gettext_noop(
                "Open the documentation in your Cirrus account and compare its paths with those under Settings."
            ),
        ),
        Unknown(
            gettext_noop("Whether the price of a quote excludes VAT"),
            gettext_noop("Compare a quote with Cirrus. The portal assumes that it excludes VAT."),
        ),
        Unknown(
            gettext_noop("Whether discounts on rows are per unit"),
            gettext_noop("The portal uses the total of each row. If the rows don’t add up, the quote has a warning."),
        ),
        Unknown(
            gettext_noop("How many requests Cirrus allows"),
            gettext_noop("The portal sends two per second. You can raise this under Settings."),
        ),
    ),
    requests_per_second=2,
    version=3,
)
