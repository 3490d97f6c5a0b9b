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
        "You find it in the settings of Workspace. It only needs to read quotations and contacts."
    ),
    readables={"quote": Readable(Thing.QUOTES, "Quotations.read"), "contact": Readable(Thing.CUSTOMERS)},
    mover=WorkspaceMover,
    options=(
        Option("money_divisor", gettext_noop("Unit of amounts"), "calibration", None),
        Option(
            "statuses",
            gettext_noop("Statuses"),
            "statuses",
            {},
            gettext_noop("One per line: code in Workspace = edit, open, won, lost or closed."),
        ),
    ),
    unknowns=(
        Unknown(
            gettext_noop("The unit of the amounts, for example cents"),
            gettext_noop("After the first import, choose the amounts that match Workspace."),
        ),
        Unknown(
            gettext_noop("The codes of the statuses other than “1” (new)"),
            gettext_noop("Compare a rejected quotation here and in Workspace, and enter its code under Statuses."),
        ),
        Unknown(
            gettext_noop("The rows of a quotation"),
            gettext_noop("Workspace doesn’t document them, so each quotation has one row."),
        ),
    ),
    requests_per_second=5,
    version=2,
)
