"""No page is wider than the window, whatever people are called: addresses, names and titles as long as they come."""

from collections.abc import Callable, Iterator
from pprint import pformat
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import models
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from contacts.models import Person
from offorte_portal.connections.models import Connection
from offorte_portal.desk.models import SavedView
from offorte_portal.simulator import Simulator
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal
from tests.browser.looking import FETCHED
from tests.browser.test_pages import fill, paths
from tests.journeys.test_each_page import find_pages
from tests.support.factories import link_by_address, make_staff
from tests.support.forms import Mirror

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1920, 1440, 1024, 390)
ADDRESS = "a" * 55 + "." + "b" * 51 + "@bouw.example"
UNBROKEN = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
TITLE = ("Verbouwing van het hoofdkantoor met uitbreiding en nieuwe installaties " * 4)[:260]
RIGHT_TO_LEFT = "شركة البناء الحديثة للمقاولات العامة والتجارة المحدودة ومشاركوها"
NAMES = (UNBROKEN, TITLE, RIGHT_TO_LEFT, "W" * 80)
# Text that Offorte writes and people don't, or that decides what a page shows.
NOT_TYPED = {"status", "type", "action", "language", "account", "method", "kind", "pass_code", "row_type", "vat_label"}
# An amount with its currency, as Offorte wrote it.
AMOUNTS = "_display"
MIRRORED = ("contacts", "catalog", "proposals")
# What is wider than the window, if the page is. A part that a page loads has no styles of its own.
STICKING_OUT = """() => !document.querySelector(".shell") || document.documentElement.scrollWidth <= innerWidth ? [] :
    [`${document.documentElement.scrollWidth} px`, ...[...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 0.5)
    .map((one) => `${one.tagName}.${one.getAttribute("class")}`).slice(0, 12)]"""


@pytest.fixture
def sanne(page: Page, sign_in: Callable[[User], None]) -> User:
    user = make_staff("sanne", first_name="W" * 80, last_name=UNBROKEN, email="sanne@bouw.example")
    sign_in(user)
    return user


@pytest.fixture
def proposal(simulator: Simulator, mirror: Mirror, sanne: User) -> Proposal:
    simulator.switches.vintage = "live"
    connection = mirror()
    able = Person.objects.exclude(email="").values("company")
    found = Proposal.objects.filter(status="open", company__in=able, receivers__isnull=False).order_by("pk")[0]
    link_by_address(sanne)
    fill(connection, found, sanne)
    lengthen(found)
    return found


def lengthen(proposal: Proposal) -> None:
    """Give the first rows of everything the longest texts, and everything about this proposal."""
    for model in apps.get_models():
        if model._meta.app_label in MIRRORED:
            columns = list(find_columns(model))
            kept = {proposal.pk} if model is Proposal else {proposal.company_id}
            rows = [*model._default_manager.order_by("pk")[:8], *model._default_manager.filter(pk__in=kept)]
            for number, row in enumerate(rows):
                for column in columns:
                    setattr(row, column, ADDRESS if "email" in column else NAMES[number % len(NAMES)])
                row.save()
    Connection.objects.update(label=UNBROKEN[:60])
    SavedView.objects.update(name=UNBROKEN[:60])
    FollowUp.objects.update(note=TITLE)


def find_columns(model: type[models.Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.TextField | models.CharField) and field.editable and not field.choices
        if is_text and not (field.generated or field.name in NOT_TYPED or field.name.endswith(AMOUNTS)):
            yield field.name


def test_no_page_is_wider_than_the_window(page: Page, live_server: LiveServer, proposal: Proposal) -> None:
    lists = {"proposals/proposal": "company_text,owner_text,email_text,total", "contacts/company": "vat_number_text"}
    chosen = [f"/{path}/?columns={columns},city_text" for path, columns in lists.items()]
    filtered = f"/proposals/proposal/?status=open,won,lost,edit&company={UNBROKEN}&total_min=1&owner=me&created=week"
    urls = dict.fromkeys([*(path for _name, path in paths(proposal)), *find_pages(), *chosen, filtered])
    assert len(urls) > 60
    faults: dict[str, Any] = {}
    for url in urls:
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(live_server.url + url)
        page.wait_for_function(FETCHED)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if found := page.evaluate(STICKING_OUT):
                faults[f"{url} at {width}"] = found
    assert not faults, pformat(faults, width=200)
