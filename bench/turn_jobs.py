"""The requests of `bench jobs` up to the preview, for `--against`."""

from collections.abc import Iterator

from django.contrib.auth.models import User

from bench.jobs import LIST
from bench.support.rounds import load_in_rounds, sign_in
from bench.support.rows import fill_proposals
from bench.support.sizes import choose_for_turns
from offorte_portal.connections.models import Connection
from proposals.models import Proposal


def measure() -> Iterator[dict[str, float]]:
    """Fill the list, then yield the milliseconds of choosing all proposals and of the preview of an action."""
    connection = Connection.objects.create(account="bench", state=Connection.State.CONNECTED)
    fill_proposals(connection, choose_for_turns())
    client = sign_in(User.objects.create(username="bench", is_staff=True, is_superuser=True))
    first = str(Proposal.objects.values_list("pk", flat=True)[0])
    chosen = {"bulk": "proposals.mark_lost", "select_across": "1", "_selected_action": first}
    url = client.post(LIST, chosen)["Location"]
    return load_in_rounds(
        {
            "choose in the list": lambda: client.post(LIST, chosen),
            "open the confirm page": lambda: client.get(url),
            "preview": lambda: client.post(url, {"preview": "1", "reason": "te duur"}),
        }
    )
