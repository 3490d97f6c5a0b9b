"""What an answer that is no success means."""

from collections.abc import Callable

import pytest

from offorte_portal.api.errors import Gone, Hidden, MalformedAnswer, NotFound, OfforteError, Rejected
from offorte_portal.api.transport import Answer
from offorte_portal.simulator import Fault
from tests.api.conftest import World
from tests.api.transport.calls import NEW_COMPANY, get, post


@pytest.mark.parametrize("kind", ["malformed_json", "html_200"])
def test_an_answer_that_is_no_json_is_malformed(world: World, kind: str) -> None:
    world.simulator.faults.add(Fault(kind))  # type: ignore[arg-type]

    with pytest.raises(MalformedAnswer):
        get(world)

    assert len(world.sent) == 1


@pytest.mark.parametrize("kind", ["malformed_json", "html_200", "empty_body"])
def test_where_no_body_is_needed_the_status_counts(world: World, kind: str) -> None:
    world.simulator.faults.add(Fault(kind))  # type: ignore[arg-type]

    answer = world.transport.request("POST", "/companies/", json=NEW_COMPANY, needs_body=False)

    assert (answer.status, answer.data) == (201 if kind != "html_200" else 200, None)


@pytest.mark.parametrize("location", ["/elsewhere/", "https://example.com/"])
def test_redirects_are_not_followed(world: World, location: str) -> None:
    world.simulator.faults.add(Fault("redirect", location=location))

    with pytest.raises(MalformedAnswer, match="sent_elsewhere"):
        world.transport.request("GET", "/companies", needs_body=False)

    assert len(world.simulator.requests) == 1


def test_a_refusal_carries_offortes_reasons(world: World) -> None:
    with pytest.raises(Rejected) as caught:
        world.transport.request("POST", "/companies/", json={"nickname": "x"})

    assert "nickname" in caught.value.field_errors
    assert caught.value.detail
    assert len(world.sent) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(403, Hidden), (404, NotFound), (410, Gone), (405, Rejected), (422, Rejected)]
)
@pytest.mark.parametrize("call", [get, post])
def test_statuses_are_errors_by_meaning(
    world: World, status: int, kind: type[OfforteError], call: Callable[[World], Answer]
) -> None:
    world.simulator.faults.add(Fault("status", status=status))

    with pytest.raises(kind) as caught:
        call(world)

    assert type(caught.value) is kind
    assert caught.value.requested_at is not None
