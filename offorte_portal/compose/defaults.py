"""The templates that Offorte takes where nobody chooses one, as far as they can be known.

The reference names no default. It is known where an account has only one template, and where a proposal was created
without a choice: Offorte tells afterwards which one it took.
"""

from collections.abc import Iterable

from offorte_portal.compose.models import Draft
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

# The columns that a proposal's details hold, by the parameter that chooses them.
TOLD = {"design_template_id": "design_template", "text_template_id": "text_template"}


def find_default(connection: Connection, parameter: str, offered: Iterable[Mirrored]) -> str:
    """Return the name of the account's default template; "" if it is unknown."""
    if parameter not in TOLD:
        return ""
    known = list(offered)
    if len(known) == 1:
        return str(known[0])
    found = find_taken(connection, TOLD[parameter])
    return next((str(row) for row in known if row.remote_id == found), "")


def find_taken(connection: Connection, column: str) -> int | None:
    """Return the template that Offorte took for the latest proposal of the portal for which none was chosen."""
    # A proposal template brings its own design and text.
    unchosen = Draft.objects.filter(
        connection=connection,
        operation__state=Operation.State.DONE,
        proposal_template_remote_id=None,
        **{f"{column}_remote_id": None},
    )
    made = unchosen.order_by("-saved_at").values_list("operation__remote_id", flat=True).first()
    rows = Proposal.objects.filter(connection=connection, remote_id=made or 0)
    taken: int | None = rows.values_list(f"{column}_remote_id", flat=True).first()
    return taken
