"""What goes to a client is in the proposal's language, whatever language the seller reads the portal in."""

from datetime import date

import pytest
from django.utils import timezone, translation

from offorte_portal.text.languages import spoken
from proposals.actions.proposals import fill
from proposals.languages import language_of, usual_language, write_date
from proposals.models import Proposal
from tests.support.bulk import make_member, sign_in
from tests.support.factories import make_company, make_connection, make_proposal

DAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("nl", "nl"), ("NL", "nl"), ("nl_BE", "nl"), ("nl-NL", "nl"), ("Nederlands", "nl"), ("Dutch", "nl"),
        ("en", "en"), ("en-US", "en"), ("English", "en"), ("de", "en"), ("fr_BE", "en"), ("", ""), (" ", ""),
    ],
)  # fmt: skip
def test_a_language_of_offortes_is_one_of_the_portals(told: str, language: str) -> None:
    assert spoken(told) == language


@pytest.mark.django_db
def test_a_proposal_without_language_has_that_of_its_company_or_account() -> None:
    north, south = make_connection("north"), make_connection("south")
    dutch, other = make_company(north), make_company(north)
    make_proposal(north, company=dutch, company_remote_id=dutch.remote_id, language="nl", remote_id=10)
    make_proposal(north, company=other, company_remote_id=other.remote_id, language="en", remote_id=20)
    unread = make_proposal(north, company=dutch, company_remote_id=dutch.remote_id, language="", remote_id=30)
    with translation.override("en"):
        assert language_of(unread) == "nl"
        assert usual_language(north.pk, dutch.remote_id) == "nl"
        assert usual_language(north.pk, 999_999) == usual_language(north.pk) == "en"
        assert usual_language(south.pk) == usual_language(None) == "en"
    with translation.override("nl"):
        assert usual_language(south.pk) == "nl"


def test_days_in_names_are_in_their_language() -> None:
    with translation.override("en"):
        assert [write_date(DAY, language) for language in ("nl", "en")] == ["1 nov 2026", "1 Nov 2026"]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word", "other"), [("nl", "Offerte", "Proposal"), ("en", "Proposal", "Offerte")])
@pytest.mark.parametrize("reader", ["nl", "en"])
def test_prints_are_in_the_proposals_language(language: str, word: str, other: str, reader: str) -> None:
    proposal = make_proposal(name="Dakkapel", language=language, details_as_of=timezone.now(), price_total=1000)
    client = sign_in(make_member("Viewer", "vera"))
    html = client.get(f"/print/proposals/{proposal.pk}/", headers={"Accept-Language": reader}).content.decode()
    assert f'<html lang="{language}">' in html
    assert f'<p class="kind">{word}</p>' in html
    assert ("1.000,00" in html) == (language == "nl")
    # What is not printed is for the person who prints.
    assert (
        f'<nav class="print-bar" lang="{reader}" aria-label="{"Afdrukken" if reader == "nl" else "Printing"}"' in html
    )
    assert '<html lang="' + reader in client.get("/activity/", headers={"Accept-Language": reader}).content.decode()


@pytest.mark.django_db
def test_names_of_proposals_have_the_day_in_their_language() -> None:
    with translation.override("en"):
        rows = [Proposal(name="x", language=language) for language in ("nl", "en", "")]
        options = {"pattern": "{date}", "date": "2026-11-01", "language": "nl"}
        assert [fill(options, row) for row in rows] == ["1 nov 2026", "1 Nov 2026", "1 nov 2026"]
        assert fill({"pattern": "{date}", "date": "1-11-2026"}, rows[0]) == "1-11-2026", "of an earlier version"
