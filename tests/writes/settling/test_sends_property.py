"""Whatever colleagues do meanwhile: done was carried out, not sent was not, and all else is asked."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offorte_portal.simulator import Fault
from offorte_portal.writes import settling
from offorte_portal.writes.models import Operation
from tests.support.length import usual_or_long
from tests.writes.conftest import Desk
from tests.writes.settling.letters import MESSAGE, Letters, write_letters

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State
EXAMPLES = usual_or_long(8, 40)

DRAFTS: list[dict[str, Any]] = [
    {"send_message": MESSAGE},
    {"send_message": "Nogmaals: zie de bijlage, met vriendelijke groet."},
    {"send_message": "", "send_message_id": 1001},
    {"send_message": MESSAGE, "send_method": "self"},
]
SENDS = st.tuples(st.just("send"), st.sampled_from(DRAFTS), st.sampled_from(["", "drop_before", "drop_after"]))
COLLEAGUES = st.one_of(
    st.tuples(
        st.just("mail"),
        st.sampled_from([-4, -1, 0, 1, 2]),
        st.fixed_dictionaries(
            {
                "message": st.sampled_from([MESSAGE, "Ter info"]),
                "contacts": st.sampled_from(["other", "chosen"]),
                "by_offorte": st.booleans(),
            }
        ),
    ),
    st.tuples(st.just("move"), st.sampled_from(["edit", "open"]), st.none()),
    st.tuples(st.just("log"), st.sampled_from(["proposal: danced", "proposal: viewed pdf"]), st.none()),
)
FORMS = st.fixed_dictionaries(
    {
        "mail_messages": st.sampled_from(["placeholders", "filled", "html", "escaped"]),
        "mail_dates": st.sampled_from(["printed", "stamped", "iso"]),
        "log_words": st.sampled_from(["plain", "capitals", "dutch"]),
    }
)
UNTOLD = st.sampled_from(["", "", "", "emails", "logs"])
STEPS = st.lists(
    st.tuples(st.lists(COLLEAGUES, max_size=2), SENDS, st.lists(COLLEAGUES, max_size=2)), min_size=1, max_size=3
)


@pytest.mark.long
def test_what_the_portal_says_of_a_send_is_so(desk: Desk) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(STEPS, FORMS, UNTOLD)
    def check(steps: Any, forms: dict[str, str], untold: str) -> None:
        for name, value in forms.items():
            setattr(desk.simulator.switches, name, value)
        letters = write_letters(desk)
        for before, (_, draft, fault), after in steps:
            play(letters, before)
            done = carried_out(letters, draft)
            operation = letters.send(fault, **draft)
            was_done = carried_out(letters, draft) - done
            assert was_done == (fault != "drop_before")
            play(letters, after)
            if fault:
                settle(letters, operation, untold, was_done=bool(was_done))
        sends = Operation.objects.filter(remote_id=letters.id, verb="send", state=State.DONE)
        assert letters.mails == sum(one.draft.get("send_method") != "self" for one in sends)

    check()


def settle(letters: Letters, operation: Operation, untold: str, *, was_done: bool) -> None:
    """Let the portal look, compare what it says, and decide as somebody does who knows."""
    if untold:
        letters.desk.simulator.faults.add(Fault("null_field", method="GET", name=untold, times=None))
    settled = settling.settle(operation)
    letters.desk.simulator.faults.clear()
    assert settled.state in ({State.DONE, State.UNKNOWN} if was_done else {State.FAILED, State.UNKNOWN})
    if settled.state == State.UNKNOWN:
        assert settled.reason
        assert settling.decide(settled, remote_id=None, is_done=was_done, by=letters.desk.person)


def carried_out(letters: Letters, draft: dict[str, Any]) -> int:
    """How often a send of this kind was carried out in the owner's name."""
    if draft.get("send_method") != "self":
        return letters.mails
    proposal = letters.desk.account.proposals[letters.id]
    owner = letters.desk.account.user_name(proposal["account_user_id"])
    return sum((one.action, one.person) == ("proposal: send by user", owner) for one in proposal["history"])


def play(letters: Letters, steps: list[Any]) -> None:
    """Let colleagues and prospects do these things at Offorte."""
    for kind, what, options in steps:
        if kind == "mail":
            people = {"other": [letters.other], "chosen": [letters.person]}
            letters.mail(what, **(options | {"contacts": people[options["contacts"]]}))
        elif kind == "move":
            letters.move(what)
        else:
            letters.desk.account.add_log_entry(letters.id, what)
