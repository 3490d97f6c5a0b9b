"""What is wrong with a page for somebody who looks at it, presses something on it or can't see it."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.journeys.steps import SETTLED, UNREACHABLE, Axe

# Resolves when what the page fetches by itself is there.
FETCHED = "() => !document.querySelector('.htmx-request')"
# Resolves when the window shows the end of the page; a turn of the wheel is answered before it is.
SCROLLED = "() => window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 1"
# What people press or read as a title, and whose text does not fit where it is.
CUT_OFF = """() => [...document.querySelectorAll("button, .button, h1, h2, label, th, .pill, .figure > b, .nav-link")]
    .filter((one) => one.checkVisibility() && one.clientWidth > 1 && !one.closest(".visually-hidden, .board"))
    .filter((one) => one.scrollWidth > one.clientWidth + 1)
    .filter((one) => getComputedStyle(one).display !== "inline" && getComputedStyle(one).textOverflow !== "ellipsis")
    .map((one) => one.outerHTML.slice(0, 120))"""
# Words of a usual length that stand on two lines, but for parts of addresses.
BROKEN_WORDS = """() => [...document.querySelectorAll("main :is(th, td, h1, h2, dt, label, button, .cell-title)")]
    .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden"))
    .flatMap((one) => [...one.childNodes].concat([...one.children].flatMap((child) => [...child.childNodes])))
    .filter((node) => node.nodeType === Node.TEXT_NODE)
    .flatMap((node) => [...node.data.matchAll(/(?<![\\w.@-])\\p{L}{2,14}(?![\\w.@-])/gu)].filter((word) => {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
    }).map((word) => word[0]))"""
# The actions in the head of a page, if they take more than one line; on a phone a record's own are at the bottom.
WRAPPED_HEAD = """() => {
    const shown = [...document.querySelectorAll(".page-head-actions > *")].filter((one) => one.checkVisibility());
    const middles = shown.filter((one) => !one.matches(".record-actions")).map((one) => one.getBoundingClientRect())
        .filter((box) => box.width > 1).map((box) => (box.top + box.bottom) / 2);
    return Math.max(...middles) - Math.min(...middles) > 12 ? middles : [];
}"""
# What a thumb may miss: smaller than so many pixels, its label included, and no link within a text. The boxes of a list
# are larger than they look.
SMALL = """(least) => [...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden])")]
    .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden, .skip-link"))
    .filter((one) => !["inline", "contents"].includes(getComputedStyle(one).display))
    .filter((one) => !one.matches(".action-select, #action-toggle"))
    .map((one) => [one, [one, ...(one.labels ?? [])].map((part) => part.getBoundingClientRect())])
    .map(([one, boxes]) => [one, ...["width", "height"].map((side) => Math.max(...boxes.map((box) => box[side])))])
    .filter(([, width, height]) => width > 1 && Math.min(width, height) < least)
    .map(([one, width, height]) => `${width}x${height} ${one.outerHTML.slice(0, 100)}`)"""


def look(page: Page, axe: Axe, name: str) -> dict[str, Any]:
    """What is wrong with what the window shows; everybody can use it, or axe complains."""
    page.wait_for_function(FETCHED)
    page.wait_for_function(SETTLED)
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    axe(page)
    found = {
        "sideways": page.evaluate("document.documentElement.scrollWidth > window.innerWidth"),
        "unreachable": page.evaluate(UNREACHABLE),
        "cut off": page.evaluate(CUT_OFF),
        "wrapped head": page.evaluate(WRAPPED_HEAD),
        "broken": page.evaluate(BROKEN_WORDS),
        "small": page.evaluate(SMALL, 24),
    }
    return {f"{name}, {fault}": what for fault, what in found.items() if what}
