"""What several journeys do: have people and syncs, and look whether everybody can use a page."""

import itertools
import time
from collections.abc import Callable
from typing import Literal

from django.contrib.auth.models import Group, User
from playwright.sync_api import Locator, Page, ViewportSize, expect

from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from tests.support.factories import make_staff
from tests.support.length import usual_or_long

Axe = Callable[[Page], None]
Scheme = Literal["light", "dark"]
SIZES = DESK, PHONE = (ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844))
SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")
# The schemes that an open page is looked at in, by size: each once, and at full length in both sizes.
LOOKS = usual_or_long(tuple(zip(SIZES, SCHEMES, strict=True)), tuple(itertools.product(SIZES, SCHEMES)))
# Whether every colour is what it will be; what turns for as long as something runs is not waited for.
SETTLED = """() => document.getAnimations()
    .every((one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""
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
    work.sync_now(run)
    run.refresh_from_db()
    assert run.state == SyncRun.State.DONE


def wait_for(is_so: Callable[[], object]) -> None:
    """Wait until a worker has done something."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def check_open_page(page: Page, axe: Axe) -> None:
    """axe at a desk and on a phone, in light and dark; no sideways scroll; the keyboard reaches what a mouse does."""
    for size, scheme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(SETTLED)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
        assert page.evaluate(UNREACHABLE) == [], page.url


def press_tab_until_focused(page: Page, target: Locator, limit: int = 80) -> None:
    """Go there the way a person does who has no mouse."""
    for _ in range(limit):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(target).to_be_focused()
