"""What the README promises: one command, a browser, and the lists of a connected account fill before one's eyes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from django.conf import settings
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

# Seconds that it may take on a machine that is busy with other things.
START = 180
END = 60


@dataclass(frozen=True)
class Demo:
    """A running demo."""

    process: "subprocess.Popen[bytes]"
    url: str
    simulator_url: str
    folder: Path
    log: Path


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """The demo on ports of its own; ended the way a supervisor does, if the test has not done so."""
    port, simulator_port = find_ports()
    folder, log = tmp_path / "demo", tmp_path / "demo.log"
    manage = Path(settings.BASE_DIR) / "manage.py"
    command = [sys.executable, str(manage), "demo", "--fast", "--folder", str(folder), "--companies", "80"]
    command += ["--proposals", "90", "--port", str(port), "--simulator-port", str(simulator_port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=make_environment())
    running = Demo(process, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{simulator_port}", folder, log)
    try:
        wait_until_ready(running)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=END)


def find_ports() -> tuple[int, int]:
    """Two ports that nothing listens at."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def make_environment() -> dict[str, str]:
    """A person's environment: without what is set for the tests."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "OFFORTE_", "PORTAL_"))
    }


def wait_until_ready(demo: Demo) -> None:
    """Wait for the web server, the worker and the simulator."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        assert demo.process.poll() is None, demo.log.read_text()
        try:
            answers = [requests.get(f"{demo.url}/readyz", timeout=10), requests.get(demo.simulator_url, timeout=10)]
        except requests.RequestException:  # not there yet, or busy
            answers = []
        if answers and all(answer.ok for answer in answers):
            return
        time.sleep(0.2)
    pytest.fail(demo.log.read_text())


def find_running(folder: Path) -> list[str]:
    """The command lines of processes that were given this folder; nothing where the system does not tell."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:  # ended, or another's
            continue
    return found


def is_listening(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex((host, int(port))) == 0


def sign_in(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Username or e-mail").fill("admin")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".sidebar")).to_be_visible()


def connect(page: Page) -> None:
    """From any page of the portal to the consent page of Offorte and back."""
    page.get_by_role("link", name="Offorte accounts").click()
    page.get_by_role("link", name="Demo Bouw").click()
    page.get_by_role("link", name="Connect to Offorte").click()
    page.get_by_role("button", name="Connect to Offorte").click()
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Allow").click()


def watch_the_sync(page: Page) -> None:
    """Its page renews itself until it is done, with nothing found odd."""
    expect(page).to_have_url(re.compile(r"/sync/syncrun/\d+/change/$"))
    expect(page.locator("#sync-progress")).to_contain_text("Companies")
    expect(page.get_by_role("button", name="Sync now")).to_be_visible()
    expect(page.locator("#sync-state")).to_have_text("Done")
    expect(page.locator("#warnings")).to_have_count(0)


@pytest.mark.usefixtures("patience")
def test_from_sign_in_to_a_proposal_in_one_sitting(page: Page, demo: Demo) -> None:
    sign_in(page, demo.url)
    connect(page)
    watch_the_sync(page)

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Proposals").click()
    rows = page.locator("#result_list tbody tr")
    expect(rows).to_have_count(50)
    expect(page.locator(".range-text")).to_contain_text("90")

    company = rows.first.locator(".cell-sub").inner_text().split(" · ")[1]
    page.get_by_role("searchbox").fill(company)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q="))
    found = page.locator("#result_list tbody .cell-sub").all_inner_texts()
    assert found
    assert all(company in text for text in found)

    name = rows.first.locator(".cell-title").inner_text()
    rows.first.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator(".price-table").first).to_be_visible()
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()

    page.goto(f"{demo.url}/proposals/proposal/")
    page.get_by_role("searchbox").fill("nothing is called this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="No results for “nothing is called this”")).to_be_visible()

    demo.process.send_signal(signal.SIGTERM)
    demo.process.wait(timeout=END)
    assert not is_listening(demo.url)
    assert not is_listening(demo.simulator_url)
    assert find_running(demo.folder) == []
    assert "Traceback" not in demo.log.read_text()
