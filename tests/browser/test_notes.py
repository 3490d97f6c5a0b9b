"""Team notes and follow-ups on the pages of records: by keyboard and by mouse, on a desk and on a phone."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from offorte_portal.tracking import followups, notes
from offorte_portal.tracking.models import FollowUp, Note
from proposals.models import Proposal
from tests.browser.looking import look
from tests.journeys.steps import Axe
from tests.support.factories import make_company, make_proposal, make_staff

pytestmark = [pytest.mark.django_db(transaction=True)]

SIZES = {"desk": (1440, 900), "phone": (390, 844)}


@pytest.fixture
def boss(sign_in: Callable[[User], None]) -> User:
    user = make_staff("boss", first_name="Bo", last_name="de Boer")
    sign_in(user)
    return user


@pytest.fixture
def proposal(boss: User) -> Proposal:
    return make_proposal(name="Dakkapel", company_name="De Vries", company=make_company(), details_as_of=timezone.now())


def record(live_server: LiveServer, proposal: Proposal) -> str:
    return f"{live_server.url}/proposals/proposal/{proposal.pk}/change/"


def test_a_note_is_written_pinned_edited_and_deleted_by_keyboard(
    page: Page, live_server: LiveServer, proposal: Proposal, axe: Axe
) -> None:
    page.goto(record(live_server, proposal))
    card = page.get_by_role("region", name="Team notes")
    card.get_by_role("button", name="Add note").press("Enter")
    expect(page.get_by_text("Write your note first.")).to_be_visible()
    axe(page)
    page.get_by_label("New note").fill("Bel na tien uur")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(card.get_by_text("Bel na tien uur")).to_be_visible()
    card.get_by_label("Change the note of Bo de Boer").press("Enter")
    axe(page)
    card.get_by_role("button", name="Pin note", exact=True).press("Enter")
    expect(card.get_by_text("Pinned")).to_be_visible()
    card.get_by_label("Change the note of Bo de Boer").press("Enter")
    card.get_by_role("link", name="Edit note").press("Enter")
    page.get_by_label("Note", exact=True).fill("Bel na elf uur")
    axe(page)
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Note saved.")).to_be_visible()
    expect(card.get_by_text("Bel na elf uur")).to_be_visible()
    page.wait_for_load_state("load")
    card.get_by_label("Change the note of Bo de Boer").press("Enter")
    card.get_by_role("link", name="Delete note").press("Enter")
    dialog = page.get_by_role("dialog", name="Delete this note?")
    expect(dialog.get_by_text("Bel na elf uur")).to_be_visible()
    axe(page)
    dialog.get_by_role("button", name="Delete note").press("Enter")
    expect(page.get_by_text("Note deleted.")).to_be_visible()
    assert not Note.objects.exists()


def test_what_was_typed_comes_back_until_it_is_saved(page: Page, live_server: LiveServer, proposal: Proposal) -> None:
    page.goto(record(live_server, proposal))
    page.get_by_label("New note").fill("Halverwege")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('draft:note:proposals:'))")
    page.reload()
    expect(page.get_by_label("New note")).to_have_value("Halverwege")
    expect(page.get_by_text("What you typed earlier is back.")).to_be_visible()
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_label("New note")).to_have_value("")
    expect(page.get_by_text("What you typed earlier is back.")).to_be_hidden()
    assert Note.objects.get().text == "Halverwege"


def test_details_that_arrive_leave_what_is_being_typed(page: Page, live_server: LiveServer, proposal: Proposal) -> None:
    page.goto(record(live_server, proposal))
    page.get_by_label("New note").fill("Halverwege")
    page.get_by_label("What to do").fill("Bellen")
    page.evaluate("document.querySelector('main h1').dataset.old = 'yes'")
    whole = "{target: '#content-start', select: '#content-start', swap: 'outerHTML'}"
    page.evaluate(f"htmx.ajax('GET', location.pathname, {whole})")
    expect(page.locator("main h1[data-old]")).to_have_count(0)
    expect(page.get_by_label("New note")).to_have_value("Halverwege")
    expect(page.get_by_label("What to do")).to_have_value("Bellen")


def test_a_follow_up_is_added_put_off_and_done(
    page: Page, live_server: LiveServer, proposal: Proposal, boss: User, axe: Axe
) -> None:
    page.goto(record(live_server, proposal))
    card = page.get_by_role("region", name="Follow-ups")
    card.get_by_label("What to do").fill("Bellen")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(card.get_by_label("In 3 days")).to_be_checked()
    page.keyboard.press("Enter")
    expect(card.get_by_text("For Bo de Boer")).to_be_visible()
    made = FollowUp.objects.get()
    assert (made.note, made.due_at) == ("Bellen", followups.morning(3))
    card.get_by_text("Snooze").press("Enter")
    axe(page)
    card.get_by_role("button", name="In a week").press("Enter")
    expect(card.get_by_role("status")).to_contain_text("Snoozed until")
    card.get_by_role("button", name="Done").press("Enter")
    expect(card.get_by_role("status")).to_contain_text("Done: Dakkapel")
    axe(page)
    card.get_by_role("button", name="Undo").press("Enter")
    expect(card.get_by_text("Bellen", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_with_what_it_shows(
    page: Page, live_server: LiveServer, proposal: Proposal, boss: User, axe: Axe, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    followups.create([proposal], to=boss, due_at=followups.morning(1), note="Bellen " * 20, by=boss)
    for number in range(7):
        notes.add(proposal, f"{number} {'x' * 120} lang\nen nog een regel", by=boss, key=uuid.uuid4())
    note = Note.objects.order_by("-pk")[0]
    faults: dict[str, Any] = {}
    page.goto(record(live_server, proposal))
    page.get_by_text("2 earlier notes").click()
    faults |= look(page, axe, f"notes-record-{size}-{scheme}")
    for name, path in (
        ("company", f"contacts/company/{proposal.company_id}/change/"),
        ("all", f"notes/proposals/{proposal.pk}/"),
        ("edit", f"notes/{note.pk}/"),
        ("delete", f"notes/{note.pk}/delete/"),
    ):
        page.goto(f"{live_server.url}/{path}")
        faults |= look(page, axe, f"notes-{name}-{size}-{scheme}")
    assert not faults
