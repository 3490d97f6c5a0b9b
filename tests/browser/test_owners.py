"""Where a seller can't choose whose a proposal will be, in Dutch on a phone and in English at a desk.

With SCREENSHOTS=folder there is a picture of each.
"""

from collections.abc import Callable
from pprint import pformat
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection as database
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Company
from offorte_portal.other_systems.models import PartyMatch
from offorte_portal.staff.roles import grant
from proposals.models import AccountUser
from tests.browser.looking import look
from tests.compose.drafting import make_draft, price_row
from tests.journeys.steps import SIZES, Axe
from tests.support.factories import link, make_staff
from tests.support.forms import Mirror
from tests.support.quotes import make_quote, make_source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def paths(mirror: Mirror, sign_in: Callable[[User], None]) -> dict[str, str]:
    """The pages, for a seller who is linked to an Offorte user; a colleague's draft and quote."""
    connection = mirror()
    grant(apps, database.SchemaEditorClass(database))
    sem = make_staff("sem", is_superuser=False, first_name="Sem", last_name="Jansen", email="sem@bouw.example")
    sem.groups.add(Group.objects.get(name="Seller"))
    own, colleague = AccountUser.objects.filter(connection=connection).order_by("pk")[:2]
    link(sem, account_user=own)
    sign_in(sem)
    draft = make_draft(
        connection,
        make_staff("bram"),
        price_row(),
        is_shared=True,
        owner_remote_id=colleague.remote_id,
        company_remote_id=Company.objects.order_by("pk")[0].remote_id,
    )
    source = make_source(label="Nordvik CRM")
    customer = PartyMatch.objects.create(source=source, kind="company", key="1", name="Bakker", state="new")
    quote = make_quote(source, title="Dakkapel", company=customer, owner_name="Bram Bos", currency="EUR")
    return {"draft": f"/compose/{draft.pk}/", "copy": f"/quotes/recreate/?pk={quote.pk}"}


@pytest.mark.parametrize(("language", "size", "scheme"), [("nl", SIZES[1], "dark"), ("en", SIZES[0], "light")])
def test_a_seller_is_told_whose_it_will_be(
    page: Page,
    live_server: LiveServer,
    axe: Axe,
    paths: dict[str, str],
    language: str,
    size: ViewportSize,
    scheme: Any,
) -> None:
    cookie: Any = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    name = f"{language}-{size['width']}-{scheme}"
    page.goto(live_server.url + paths["draft"])
    owner = page.locator("#id_account_user_id")
    expect(owner.locator("option")).to_have_count(2)
    faults: dict[str, Any] = look(page, axe, f"owner-draft-{name}")
    page.goto(live_server.url + paths["copy"])
    expect(page.locator("#id_owner")).to_have_count(0)
    page.locator("[name=makes_unknown_customers]").check()
    page.locator("[name=preview]").click()
    expect(page.locator(".copy-list tbody tr")).to_contain_text("Sanne de Wit")
    faults |= look(page, axe, f"owner-copy-{name}")
    assert not faults, pformat(faults, width=200)
