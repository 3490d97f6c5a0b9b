"""People who refresh, create and send at the portal, each one click after the other, and how long they wait.

They use it as a browser does: forms are opened, filled in and sent, redirects are followed, and a page that waits for
an answer asks for it every second until it is there.
"""

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from statistics import quantiles
from typing import Any
from urllib.parse import urljoin

import requests

LONGEST_RESULT = 120.0
# The poll of a waiting page, and its interval in seconds.
POLLED = re.compile(r'id="waiting" hx-get="([^"]+)"')


# Fields that say nothing by themselves.
SILENT = frozenset({"submit", "file", "button", "checkbox", "radio"})


@dataclass
class Figures:
    """Seconds by kind of request, and how often what came of a click."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    results: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float) -> None:
        """Keep one wait."""
        with self.lock:
            self.seconds.setdefault(kind, []).append(seconds)

    def count(self, result: str) -> None:
        """Keep what came of one click."""
        with self.lock:
            self.results[result] += 1

    def percentile(self, kind: str, percent: int) -> float:
        """Return the seconds within which that percentage of requests was answered."""
        found = self.seconds[kind]
        return quantiles(found, n=100, method="inclusive")[percent - 1] if len(found) > 1 else found[0]


class Form(HTMLParser):
    """The fields of the last form with a `form_state`, as a browser would send them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []
        self._area: tuple[str, str] | None = None
        self._choice = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the value of a field."""
        said = {name: value or "" for name, value in attrs}
        name, kind = said.get("name", ""), said.get("type", "text")
        if tag == "form":
            self.fields = []
        elif tag == "textarea":
            self._area = (name, "")
        elif tag == "select":
            self._choice = name
        elif tag == "option" and "selected" in said:
            self.fields.append((self._choice, said.get("value", "")))
        elif tag == "input" and name and (kind not in SILENT or "checked" in said):
            self.fields.append((name, said.get("value", "on" if kind == "checkbox" else "")))

    def handle_data(self, data: str) -> None:
        """Keep what stands in a text area."""
        if self._area:
            self._area = (self._area[0], self._area[1] + data)

    def handle_endtag(self, tag: str) -> None:
        """Take the form where it is one of ours."""
        if tag == "textarea" and self._area:
            self.fields.append(self._area)
            self._area = None
        elif tag == "form" and any(name == "form_state" for name, _ in self.fields):
            self.found = self.fields


class Person:
    """Somebody at the portal: `url` is its address, `session` a session's key."""

    def __init__(self, url: str, session: str, figures: Figures) -> None:
        self.url, self.figures = url, figures
        self.browser = requests.Session()
        self.browser.cookies.set("sessionid", session)

    def get(self, path: str) -> requests.Response:
        """Open a page."""
        return self._follow(self._time("page", "GET", path))

    def post(self, path: str, data: list[tuple[str, str]]) -> requests.Response:
        """Send a form; what comes back in the end, however long that takes."""
        data = [(name, value) for name, value in data if name != "csrfmiddlewaretoken"]
        token = self.browser.cookies.get("csrftoken", "")
        began = time.monotonic()
        answer = self._follow(self._time("click", "POST", path, [*data, ("csrfmiddlewaretoken", token)]))
        if poll := POLLED.search(answer.text):
            self._await(unescape(poll[1]), began + LONGEST_RESULT)
            answer = self._follow(self._time("page", "GET", answer.url.removeprefix(self.url)))
        self.figures.note("result", time.monotonic() - began)
        return answer

    def _await(self, path: str, until: float) -> None:
        """Ask as the page's script does, until there is an answer."""
        time.sleep(0.4)
        while self._time("poll", "GET", path, headers={"HX-Request": "true"}).status_code == 204:
            if time.monotonic() > until:
                return
            time.sleep(1)

    def _time(self, kind: str, method: str, path: str, data: Any = None, headers: Any = None) -> requests.Response:
        began = time.monotonic()
        url = urljoin(self.url, path)
        answer = self.browser.request(
            method, url, data=data, headers=headers, allow_redirects=False, timeout=LONGEST_RESULT
        )
        self.figures.note(kind, time.monotonic() - began)
        if answer.status_code >= 500:
            self.figures.count(f"status {answer.status_code}")
        return answer

    def _follow(self, answer: requests.Response) -> requests.Response:
        while answer.is_redirect:
            answer = self._time("page", "GET", answer.headers["Location"])
        return answer

    def refresh(self, pk: int) -> None:
        """Refresh a proposal."""
        self.get(f"/proposals/proposal/{pk}/change/")
        answer = self.post(f"/sync/proposals/{pk}/refresh/", [])
        failed = "Could not be read from Offorte" in answer.text
        self.figures.count("refresh: why not" if failed else "refresh: read")

    def create(self, account: int, name: str) -> None:
        """Create a company."""
        path = f"/contacts/company/add/?account={account}"
        form = Form(self.get(path).text).found
        answer = self.post(path, [(field, value) for field, value in form if field != "name"] + [("name", name)])
        self.figures.count(f"create: {outcome(answer.text)}")

    def send(self, pk: int, contact: int) -> None:
        """Send a proposal to somebody."""
        path = f"/send/{pk}/"
        form = [(name, value) for name, value in Form(self.get(path).text).found if name != "contacts"]
        asked = self.post(path, [*form, ("contacts", str(contact)), ("again", "on")])
        confirm = Form(asked.text).found
        if not confirm:
            self.figures.count("send: not offered")
            return
        answer = self.post(path, [*confirm, ("confirm", "1")])
        self.figures.count(f"send: {outcome(answer.text)}")


def outcome(text: str) -> str:
    """Return the result of a write that a page shows."""
    said = {
        "” was created in Offorte": "done",
        "” was created at Offorte": "done",
        "” was sent.": "done",
        "waiting to be sent": "waiting",
        "waits to be sent": "waiting",
        "is being sent": "under way",
        "answer about": "unknown",
        'aria-busy="true"': "never told",
        "is no longer here": "lost",
    }
    return next((result for words, result in said.items() if words in text), "refused")


def click_on(person: Person, clicks: list[Callable[[], None]], *, every: float, until: float) -> None:
    """Click at an interval in seconds, starting at a random moment, until the time is over."""
    time.sleep(random.uniform(0, every))
    for click in clicks:
        if time.monotonic() > until:
            return
        began = time.monotonic()
        try:
            click()
        except requests.RequestException as error:
            person.figures.count(f"failed: {type(error).__name__}")
        time.sleep(max(0.0, every * random.uniform(0.8, 1.2) - (time.monotonic() - began)))


def probe(name: str, ask: Callable[[], int], figures: Figures, *, every: float, until: float) -> None:
    """Ask something again and again, as a supervisor and Offorte do."""
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            status = ask()
        except requests.RequestException as error:
            figures.count(f"{name}: {type(error).__name__}")
        else:
            if status != 200:
                figures.count(f"{name}: status {status}")
        figures.note(name, time.monotonic() - began)
        time.sleep(every)
