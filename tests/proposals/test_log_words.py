"""No raw word of Offorte's log reaches a page, in whatever way Offorte writes it and whoever reads it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offorte_portal.activity import collection
from offorte_portal.desk import stats
from offorte_portal.desk.models import ProposalStats
from offorte_portal.simulator.rendering.history import ACTIONS, write_action
from proposals.models import LogEntry, Proposal
from tests.support.bulk import make_member, sign_in
from tests.support.factories import make_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return sign_in(make_member("Manager", "mia"))


def tell(form: Any, actions: tuple[str, ...] = ACTIONS) -> Proposal:
    """A proposal in whose history each of these stands, the first first, a minute apart."""
    begin = timezone.now().replace(microsecond=0) - timedelta(hours=2)
    proposal = make_proposal(details_as_of=timezone.now(), status="closed", name="Dak")
    for number, action in enumerate(actions):
        side = "client" if "viewed" in action or "pdf" in action else "user"
        LogEntry.objects.create(
            proposal=proposal, position=len(actions) - number, person="Chuck", type=side,
            logged_at=begin + timedelta(minutes=number), action=write_action(action, form),
        )  # fmt: skip
    collection.collect(proposal.pk)
    stats.refresh([proposal.pk])
    return proposal


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("form", ["plain", "capitals", "dutch"])
def test_pages_speak_in_their_own_words(client: Client, form: Any, language: str) -> None:
    proposal = tell(form)
    pages = [reverse("admin:proposals_proposal_change", args=[proposal.pk]), reverse("activity") + "?of=team"]
    for url in pages:
        html = client.get(url, headers={"accept-language": language}).content.decode()
        assert "Chuck" in html
        for action in ACTIONS:
            assert write_action(action, form) not in html, action
        for raw in ("send by user", "Send by user", "status open", "Status open", "proposal: ", "Offorte’s words"):
            assert raw not in html


@pytest.mark.parametrize("form", ["plain", "capitals", "dutch"])
def test_figures_and_feed_say_what_the_timeline_says(form: Any) -> None:
    """The same history gives the same, whatever words it is written in."""
    told = ("proposal: created", "proposal: status open", "proposal: viewed", "proposal: status won",
            "proposal: status open", "proposal: danced", "proposal: status closed")  # fmt: skip
    proposal = tell(form, told)
    assert list(proposal.activities.order_by("happened_at").values_list("kind", flat=True)) == [
        "created", "sent", "viewed", "won", "reopened", "closed",
    ]  # fmt: skip
    found = ProposalStats.objects.get(pk=proposal.pk)
    at = dict(proposal.log_entries.values_list("position", "logged_at"))
    assert (found.sent_at, found.first_viewed_at, found.decided_at) == (at[6], at[5], at[1])
    client = sign_in(make_member("Manager", "max"))
    html = client.get(reverse("admin:proposals_proposal_change", args=[proposal.pk])).content.decode()
    for words in ("sent the proposal", "reopened the proposal", "closed the proposal", "in Offorte’s words"):
        assert html.count(words) == 1


def test_unknown_words_are_no_view() -> None:
    proposal = tell("plain", ("proposal: created", "proposal: not viewed", "proposal: reviewed", "proposal: danced"))
    LogEntry.objects.filter(proposal=proposal).update(type="client")
    stats.refresh([proposal.pk])
    found = ProposalStats.objects.get(pk=proposal.pk)
    assert (found.viewed_at, found.first_viewed_at) == (None, None)
