"""What people outside wrote, made safe to show: HTML of price rows, and addresses that become links."""

import re
from urllib.parse import quote, urlsplit

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# No pictures: they would be fetched from other hosts, which tells those hosts who reads what. No classes, styles or
# ids: they belong to the page around.
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
# A heading in a row would tear the page's own outline.
_HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
_PHONE = re.compile(r"\+?[\d\s().\-/]{5,}")


def sanitise(html: str) -> SafeString:
    """The HTML without anything that runs, loads, styles or leads elsewhere than to a web page or a mail.

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
    """Drop addresses without a scheme: they would lead into the portal."""
    if attribute == "href" and _scheme(value) not in SCHEMES:
        return None
    return value


def _scheme(url: str) -> str:
    """The scheme of an address, in small letters; empty when it has none or makes no sense."""
    try:
        return urlsplit(url.strip()).scheme
    except ValueError:
        return ""


def web_link(value: str) -> SafeString | str:
    """A link to a website ("www.example.com" has one too); plain text where it is none."""
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
    """A link that begins a mail; plain text where the value is no address."""
    text = value.strip()
    if not _EMAIL.fullmatch(text):
        return value
    return format_html('<a href="mailto:{}">{}</a>', quote(text, safe="@+._-"), text)


def phone_link(value: str) -> SafeString | str:
    """A link that dials; plain text where the value holds more than a number."""
    text = value.strip()
    if not _PHONE.fullmatch(text):
        return value
    # "+31 (0)76": the nought in brackets is not dialled after a country's code.
    number = re.sub(r"[^\d+]", "", text.replace("(0)", "") if text.startswith("+") else text)
    return format_html('<a href="tel:{}" class="nowrap">{}</a>', number, text)
