"""What creating and changing answers, in all the ways that the reference leaves open."""

import pytest

from offorte_portal.api.errors import MalformedAnswer, OutcomeUnknown, Rejected
from offorte_portal.simulator import Fault
from tests.api.conftest import World


@pytest.mark.parametrize("form", ["id", "named"])
def test_the_id_is_found_in_either_form(world: World, form: str) -> None:
    world.simulator.switches.created_body = form  # type: ignore[assignment]
    client, account = world.client, world.account

    company = client.create_company({"name": "N"})
    assert company.remote_id == max(account.companies)
    person = client.create_person(company.remote_id, {"fullname": "N", "email": "n@example.com"})
    assert person.remote_id == max(account.people)
    assert client.create_directory({"name": "N"}).remote_id == max(account.directories)
    assert client.create_webhook({"payload_url": "https://127.0.0.1:9/"}).remote_id == max(account.webhooks)


def test_no_id_is_none(world: World) -> None:
    world.simulator.switches.created_body = "empty"

    created = world.client.create_company({"name": "N"})

    assert (created.remote_id, created.answer) == (None, None)
    assert len(world.account.companies) == 4


@pytest.mark.parametrize("kind", ["html_200", "malformed_json"])
def test_an_undocumented_answer_may_be_anything(world: World, kind: str) -> None:
    world.simulator.faults.add(Fault(kind))  # type: ignore[arg-type]

    created = world.client.create_company({"name": "N"})

    assert (created.remote_id, created.answer) == (None, None)


@pytest.mark.parametrize("kind", ["html_200", "malformed_json", "drop_after"])
def test_an_unreadable_answer_leaves_the_outcome_open(world: World, kind: str) -> None:
    directory_id = min(world.account.directories)
    world.simulator.faults.add(Fault(kind))  # type: ignore[arg-type]

    with pytest.raises(OutcomeUnknown):
        world.client.create_product(directory_id, {"name": "N"})


def test_a_product_keeps_its_id_apart_from_others(world: World) -> None:
    world.simulator.faults.add(Fault("unknown_field", name="directory_id", value=5))

    created = world.client.create_product(min(world.account.directories), {"name": "N"})

    assert created.remote_id == max(world.account.products)


def test_a_persons_id_is_not_the_companys(world: World) -> None:
    world.simulator.faults.add(Fault("unknown_field", name="company_id", value=5))
    world.simulator.faults.add(Fault("missing_field", name="id"))
    company_id = min(world.account.companies)

    first = world.client.create_person(company_id, {"fullname": "N", "email": "n@example.com"})
    second = world.client.create_person(company_id, {"fullname": "N", "email": "n@example.com"})

    assert first.remote_id == max(world.account.people) - 1
    assert second.remote_id is None


def test_a_change_answers_what_offorte_has_now(world: World) -> None:
    proposal_id = min(world.account.proposals)

    written = world.client.update_proposal(proposal_id, {"name": "Other"})

    assert written.answer is not None
    assert written.answer["name"] == "Other"


def test_nothing_undocumented_is_sent(world: World) -> None:
    with pytest.raises(Rejected) as caught:
        world.client.create_company({"name": "N", "nickname": "n"})  # type: ignore[typeddict-unknown-key]

    assert list(caught.value.field_errors) == ["nickname"]
    assert world.sent == []


def test_a_missing_field_is_told(world: World) -> None:
    with pytest.raises(Rejected) as caught:
        world.client.create_person(min(world.account.companies), {"firstname": "Chuck"})

    assert set(caught.value.field_errors) == {"fullname", "email"}


def test_a_send_whose_answer_was_lost_is_not_repeated(world: World) -> None:
    proposal_id = next(
        id
        for id, proposal in world.account.proposals.items()
        if proposal["status"] in {"edit", "open"}
        and any(world.account.people[person]["email"] for person in proposal["contacts"])
    )
    world.simulator.faults.add(Fault("drop_after"))
    before = len(world.simulator.sent_mails)

    with pytest.raises(OutcomeUnknown):
        world.client.send_proposal(proposal_id, {"send_message": "Hi"})

    assert len(world.sent) == 1
    assert len(world.simulator.sent_mails) == before + 1


@pytest.mark.parametrize("kind", ["empty_body", "missing_field"])
def test_an_item_has_to_be_an_object(world: World, kind: str) -> None:
    world.simulator.faults.add(Fault(kind, name="name"))  # type: ignore[arg-type]
    company_id = min(world.account.companies)

    if kind == "empty_body":
        with pytest.raises(MalformedAnswer, match="answer_empty"):
            world.client.get_company(company_id)
    else:
        assert "name" not in world.client.get_company(company_id).data
