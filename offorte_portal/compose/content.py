"""The content of a row: plain text as people type it, HTML as Offorte takes it."""

import re
from html import unescape

from django.utils.html import escape, strip_tags

_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6]|blockquote|dt|dd)>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]>", re.IGNORECASE)
_BLOCK = re.compile(r"<(?!/?(?:p|br|div)\b)[a-z/]", re.IGNORECASE)
_UNREAD = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


def to_html(text: str) -> str:
    """Return text as HTML: an empty line begins a paragraph, other line breaks stay."""
    paragraphs = re.split(r"\n[ \t]*\n+", text.replace("\r\n", "\n").strip())
    return "".join(f"<p>{escape(paragraph).replace(chr(10), '<br>')}</p>" for paragraph in paragraphs if paragraph)


def to_text(html: str) -> str:
    """Return HTML as text, with its line breaks and without its formatting."""
    if "<" not in html and "&" not in html:
        return html.strip()
    marked = _CELL.sub(" ", _BREAK.sub("\n", _UNREAD.sub("", html)))
    lines = (" ".join(line.split()) for line in unescape(strip_tags(marked)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def is_formatted(html: str) -> bool:
    """Return whether the HTML holds more than paragraphs and line breaks."""
    return bool(_BLOCK.search(html))
