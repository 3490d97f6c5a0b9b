"""What several journeys do: have people and syncs, and look whether everybody can use a page."""

import time
from collections.abc import Callable

from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, ViewportSize

from offorte_portal import sync
from offorte_portal.models import SyncRun
from tests.support.factories import make_staff

Axe = Callable[[Page], None]
SIZES = (ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844))
# Whether every colour is what it will be.
SETTLED = "() => document.getAnimations().every((one) => one.playState !== 'running')"
# What looks or acts as if it can be clicked, and cannot be reached by keyboard.
UNREACHABLE = """() => {
    const reachable = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    const acts = (element) => element.matches("[hx-get], [hx-post]")
        ? !element.matches("form, [hx-trigger*=load], [hx-trigger*=every]")
        : element.matches("[data-copy], [data-bulk-clear], [role=button], [onclick]")
            || getComputedStyle(element).cursor === "pointer";
    const isReached = (element) => element.closest(reachable) || element.closest("label")?.control;
    return [...document.querySelectorAll("body *")].filter(acts).filter((element) => !isReached(element))
        .map((element) => element.outerHTML.slice(0, 120));
}"""


def make_member(role: str, name: str) -> User:
    """Somebody with a role that the portal's migration makes."""
    user = make_staff(name, is_superuser=False, first_name=name.capitalize())
    user.groups.add(Group.objects.get(name=role))
    return user


def run_sync(run: SyncRun) -> None:
    """Do what the worker does."""
    sync.sync_now(run)
    run.refresh_from_db()
    assert run.state == SyncRun.State.DONE


def wait_for(is_so: Callable[[], object]) -> None:
    """Wait until a worker has done something."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def check_open_page(page: Page, axe: Axe) -> None:
    """axe in light and dark, at a desk and on a phone; no sideways scroll; the keyboard reaches what a mouse does."""
    for size in SIZES:
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(SETTLED)
            axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
        assert page.evaluate(UNREACHABLE) == [], page.url
