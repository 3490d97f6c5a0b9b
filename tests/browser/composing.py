"""The composer in a browser, as a person handles it."""

import json
from typing import Any

from playwright.sync_api import Locator, Page


def row(page: Page, number: int) -> Locator:
    """A row, counted through all tables."""
    return page.locator("[data-row]").nth(number)


def texts(page: Page) -> list[str]:
    """What each row says."""
    return [one.input_value() for one in page.locator("[data-field=text]").all()]


def add(page: Page, *names: str) -> None:
    """Add rows with prices yet to be written, to the first table."""
    box = page.locator("[data-add]").first
    for name in names:
        box.fill(name)
        box.press("Enter")


def document(page: Page) -> Any:
    """The tables as the form hands them over."""
    return json.loads(page.locator("textarea[name=document]").input_value())


def press(page: Page, name: str) -> None:
    """Press a button of the bar at the bottom."""
    page.locator(".save-bar").get_by_role("button", name=name).click()


def paste(target: Locator, text: str) -> None:
    """What a browser does when somebody pastes from a spreadsheet."""
    target.evaluate(
        """(element, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            element.focus();
            element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )
