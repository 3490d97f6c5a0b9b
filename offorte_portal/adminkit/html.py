"""Makes text from outside safe to show: the HTML of price rows, and addresses that become links."""

import re
from urllib.parse import quote, urlsplit

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from offorte_portal.text.phones import dialled

# No images: fetching them would tell other hosts who reads what. No classes, styles or ids: they could clash with those
# of the page.
TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "hr", "i", "ins", "li", "ol",
    "p", "pre", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
SCHEMES = {"http", "https", "mailto"}
# Headings in a row would break the outline of the page.
_HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")


def sanitise(html: str) -> SafeString:
    """Remove everything from HTML that runs, loads or styles, and links to anything but web pages and e-mail addresses.

    Text without any tag keeps its line breaks.
    """
    if not _TAG.search(html):
        html = html.replace("\n", "<br>")
    html = _HEADING.sub(lambda match: "</strong></p>" if match[1] else "<p><strong>", html)
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned just here


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    """Drop addresses without an allowed scheme: those without any would lead into the portal."""
    if attribute != "href":
        return value
    try:
        return value if urlsplit(value.strip()).scheme in SCHEMES else None
    except ValueError:
        return None


def web_link(value: str) -> SafeString | str:
    """Return a link to a website, also for "www.example.com"; the value itself where it isn't one."""
    text = value.strip()
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
        is_host = bool(parts.hostname and "." in parts.hostname)
    except ValueError:
        return value
    if parts.scheme.lower() not in {"http", "https"} or not is_host or re.search(r"[\s\"<>]", text):
        return value
    shown = text.split("://")[-1].removesuffix("/")
    return format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', url, shown)


def mail_link(value: str) -> SafeString | str:
    """Return a link that starts an e-mail; the value itself where it isn't an e-mail address."""
    text = value.strip()
    if not _EMAIL.fullmatch(text):
        return value
    return format_html('<a href="mailto:{}">{}</a>', quote(text, safe="@+._-"), text)


def phone_link(value: str, country: str = "") -> SafeString | str:
    """Return the text as a link that dials the first number in it; the value itself where it holds none.

    A number without a country code is one of `country`, or else of the Netherlands.
    """
    text = value.strip()
    number = dialled(text, country)
    return format_html('<a href="tel:{}" class="nowrap">{}</a>', number, text) if number else value
