"""The settings of a connection to Workspace, and the questions that its references leave open."""

from django.utils.translation import gettext_noop
from requests.auth import HTTPBasicAuth

from offorte_portal.other_systems.reasons import Thing
from offorte_portal.other_systems.systems.http import Access, Credentials
from offorte_portal.other_systems.systems.interface import Option, Options, Readable, System, Unknown
from offorte_portal.other_systems.systems.workspace.mapper import WorkspaceMapper
from offorte_portal.other_systems.systems.workspace.mover import WorkspaceMover
from offorte_portal.other_systems.systems.workspace.reader import WorkspaceReader


def authenticate(options: Options, credentials: Credentials) -> Access:
    """Return access by basic authentication with the literal user name `token`."""
    return Access(HTTPBasicAuth(b"token", credentials.secret.encode()))


SYSTEM = System(
    name="workspace",
    label="Workspace",
    thing=gettext_noop("quotations"),
    reader=WorkspaceReader,
    mapper=WorkspaceMapper,
    authenticate=authenticate,
    base_url="https://api.workspace.nl/api/v1",
    secret_label=gettext_noop("API token"),
    secret_help=gettext_noop(
        "From Workspace's settings. A token that may only read quotations and contacts is enough."
    ),
    readables={"quote": Readable(Thing.QUOTES, "Quotations.read"), "contact": Readable(Thing.CUSTOMERS)},
    mover=WorkspaceMover,
    options=(
        Option("money_divisor", gettext_noop("Divisor of amounts"), "calibration", None),
        Option(
            "statuses",
            gettext_noop("Statuses"),
            "statuses",
            {},
            gettext_noop("One a line: the code at Workspace = edit, open, won, lost or closed."),
        ),
    ),
    unknowns=(
        Unknown(
            gettext_noop("The unit of the amounts: cents, or a thousandth of a euro?"),
            gettext_noop("Calibrate below: pick one quotation and type the total that Workspace shows for it."),
        ),
        Unknown(
            gettext_noop("The codes of the statuses. Only “1”, for new, is documented."),
            gettext_noop(
                "Look up a rejected quotation here and at Workspace, and enter its code in the table of statuses."
            ),
        ),
        Unknown(
            gettext_noop("The rows of a quotation."),
            gettext_noop("Each quotation is shown with one row. Rows that do come along are kept as they are."),
        ),
    ),
    requests_per_second=5,
    version=2,
)
