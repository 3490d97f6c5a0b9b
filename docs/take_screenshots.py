"""Take the pictures in docs/screenshots from a demo that has just started: `python docs/take_screenshots.py --help`.

python manage.py demo --fast --folder /tmp/demo --port 8010 --simulator-port 8011
python docs/take_screenshots.py --portal http://127.0.0.1:8010
"""

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
PASSWORD = "demo"  # noqa: S105 - only for the demo
PATIENCE = 60_000  # milliseconds

Take = Callable[[str], None]


def main() -> None:
    """Connect the demo's account as a person would, and take a picture of each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portal", default="http://127.0.0.1:8000")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "screenshots")
    parser.add_argument(
        "--every", action="store_true", help="take each page in light and dark, on a desktop and on a phone"
    )
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=DESKTOP, color_scheme="light", locale="en-GB", base_url=options.portal)
        page.set_default_timeout(PATIENCE)
        visit(page, photographer(page, options.folder, is_every=options.every))
        browser.close()


def visit(page: Page, take: Take) -> None:
    """Go through a first day with the portal, from sign-in to a proposal."""
    page.goto("/")
    take("sign-in")
    sign_in(page)
    page.goto("/offorte/bouw/login/")
    if page.get_by_role("button", name="Connect to Offorte").is_visible():
        take("connect")
        connect(page)
        take("sync")
        expect(page.get_by_role("button", name="Sync now")).to_be_visible(timeout=PATIENCE)
    for name, path in (("proposals", "/proposals/proposal/"), ("companies", "/contacts/company/")):
        page.goto(path)
        take(name)
    open_first(page, "/proposals/proposal/?status=open&o=-4")
    take("proposal")
    page.locator(".facts a").first.click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    take("company")
    for name, path in (
        ("product", "/catalog/product/"),
        ("synced", "/sync/syncrun/"),
    ):
        open_first(page, path)
        take(name)

    wait_for_figures(page)
    take("home")
    for name, path in (("board", "/board/"), ("reports", "/reports/?who=team"), ("activity", "/activity/?of=team")):
        page.goto(path)
        take(name)


def wait_for_figures(page: Page) -> None:
    """Open the team's home page once the worker has computed its figures, which it does each minute."""
    for _ in range(30):
        page.goto("/?who=team")
        page.locator(".overview-head").wait_for()
        if page.get_by_text("0 proposals", exact=True).count() == 0:
            return
        page.wait_for_timeout(5_000)


def open_first(page: Page, path: str) -> None:
    """Open the first record of a list, and wait until it has loaded."""
    page.goto(path)
    page.locator("#result_list tbody tr").first.get_by_role("link").first.click()
    page.wait_for_load_state("networkidle")


def sign_in(page: Page) -> None:
    """Sign in as the demo's administrator."""
    page.get_by_label("Username or e-mail").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".sidebar")).to_be_visible()


def connect(page: Page) -> None:
    """Allow access at the simulated Offorte, and wait until the sync has reached the companies."""
    page.get_by_role("button", name="Connect to Offorte").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.locator("#sync-progress")).to_contain_text("Companies")


# Pictures in the docs besides those in light mode on a desktop.
DARK, SMALL = {"proposals": "proposals-dark"}, {"proposals": "phone"}
SHOWN = {"sign-in", "connect", "sync", "home", "proposals", "proposal", "company", "board", "reports", "activity"}


def photographer(page: Page, folder: Path, *, is_every: bool) -> Take:
    """Return a function that takes the needed pictures of the open page."""

    def shoot(name: str, *, is_dark: bool = False, is_small: bool = False) -> None:
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        page.set_viewport_size(PHONE if is_small else DESKTOP)
        page.screenshot(path=folder / f"{name}.png", animations="disabled")

    def take(name: str) -> None:
        if is_every:
            shoot(f"{name}-dark", is_dark=True)
            shoot(f"{name}-phone", is_small=True)
            shoot(f"{name}-phone-dark", is_dark=True, is_small=True)
        elif name in DARK:
            shoot(DARK[name], is_dark=True)
        if not is_every and name in SMALL:
            shoot(SMALL[name], is_small=True)
        if is_every or name in SHOWN:
            shoot(name)

    return take


if __name__ == "__main__":
    main()
