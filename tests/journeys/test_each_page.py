"""Every page opens with a mirrored account; `tests/test_left_out.py` looks at them without some of the rooms, too."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from offorte_portal.jobs.models import Job
from offorte_portal.runs.schedules import SCHEDULES
from offorte_portal.simulator import Simulator
from offorte_portal.staff.roles import APPS
from proposals.models import Proposal
from tests.support.forms import Mirror, form_url, save, staff_client, told, writes_of

pytestmark = pytest.mark.django_db

# Pages that are no list and no record, by their names, with what they take.
PAGES: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("activity", ()),
    ("notifications", ()),
    ("notification_settings", ()),
    ("duplicates", ()),
    ("upload_new", ("companies",)),
    ("upload_new", ("products",)),
    ("upload_new", ("statuses",)),
    ("compose_new", ()),
    ("compose_many", ()),
    ("approvals", ()),
    ("approval_settings", ()),
    ("followups", ()),
    ("palette", ()),
)
# Pages of a room that may be missing.
OWN_PAGES = {
    "offorte_portal.desk": (
        "board",
        "inbox",
        "reports",
        "report_cohorts",
        "report_lost",
        "report_products",
        "report_forecast",
        "report_teams",
        "saved_views",
        "desk_settings",
        "home_accounts",
    ),
    "offorte_portal.other_systems": ("admin:other_systems_importedquote_changelist",),
}


@pytest.fixture
def client(mirror: Mirror) -> Client:
    mirror()
    return staff_client(username="sanne")


def find_pages() -> Iterator[str]:
    """Every list, the first record of each, the form of a new one, and all other pages."""
    yield from (reverse(name, args=args) for name, args in PAGES)
    yield from (reverse(name) for room in OWN_PAGES if is_there(room) for name in OWN_PAGES[room])
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label in APPS:
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            row = model._default_manager.first()
            if row is not None:
                yield form_url(row, "change")
                if getattr(model_admin, "record_form", None):
                    yield form_url(row)


def is_there(room: str) -> bool:
    return room in settings.INSTALLED_APPS


def test_every_page_opens(client: Client) -> None:
    statuses = {url: client.get(url).status_code for url in find_pages()}
    assert len(statuses) > 50
    assert {url: status for url, status in statuses.items() if status != 200} == {}


def test_the_first_page_opens_and_all_of_the_navigation(client: Client) -> None:
    first = client.get("/", follow=True)
    assert first.status_code == 200
    led = [] if is_there("offorte_portal.desk") else [(reverse("admin:proposals_proposal_changelist"), 302)]
    assert first.redirect_chain == led
    links = [link for _title, links in first.context["portal"].navigation for link in links]
    urls = [link.url for one in links for link in (one, *one.children)]
    assert {url: client.get(url, follow=True).status_code for url in urls} == dict.fromkeys(urls, 200)


def test_whoever_may_see_nothing_has_a_first_page_too() -> None:
    assert staff_client(is_superuser=False).get("/").status_code == 200


def test_a_saved_proposal_is_changed_at_offorte(client: Client, simulator: Simulator) -> None:
    proposal = Proposal.objects.filter(status="open").order_by("pk")[0]
    page = save(client, form_url(proposal), name="Nieuwe schuur")
    assert [level for level, _text in told(page)] == ["success"]
    assert [method for method, _path, body in writes_of(simulator) if "Nieuwe schuur" in str(body)] == ["PATCH"]


def test_a_bulk_action_gets_its_preview_and_its_page(client: Client) -> None:
    proposal = Proposal.objects.filter(status="open").order_by("pk")[0]
    data = {"bulk": "proposals.mark_won", "_selected_action": str(proposal.pk)}
    preview = client.post(reverse("admin:proposals_proposal_changelist"), data, follow=True)
    assert preview.status_code == 200
    assert Job.objects.count() == 0


def test_checks_pass_and_no_migration_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check", databases=["default"])
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_all_schedules_run(client: Client) -> None:
    for one in SCHEDULES.values():
        one.steps.run()


@pytest.mark.parametrize("room", OWN_PAGES)
def test_a_room_that_is_left_out_has_no_address(room: str) -> None:
    for name in OWN_PAGES[room]:
        try:
            has_address = bool(reverse(name))
        except NoReverseMatch:
            has_address = False
        assert has_address == is_there(room)
