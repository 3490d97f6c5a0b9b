"""Conceals the secret parts of webhook addresses.

Anybody who knows a webhook's address can post to it (reference: Webhooks; nothing is signed), so the portal stores
none. In responses of Offorte about webhooks, each secret part becomes "…" and the first digits of its SHA-256 before
any other code sees it: two addresses still differ, and the portal recognises its own by the hash of its secret that it
keeps.

In a text an address is found however it is written: without a scheme, percent-encoded, with escaped slashes, in
capitals, with entities. A word that shows an address only when it is decoded is replaced by its decoded form.

Kept: scheme, host and port, the first segment of the path if it is a short word, later segments if they are common in
webhook addresses, and the names of query parameters. Concealed: user and password, every other segment, the values of
the query, the fragment, and a label of the host that looks like a token.
"""

import re
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from offorte_portal.api.errors import Rejected

MARK = "…"
_DIGITS = 12
_CONCEALED = re.compile(rf"{MARK}[0-9a-f]{{{_DIGITS}}}")
_SHORT_WORD = re.compile(r"[A-Za-z_-]{1,15}")
_TOKEN_LABEL = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{12,}", re.IGNORECASE)
_WORDS = frozenset({"api", "callback", "catch", "hook", "hooks", "in", "incoming", "offorte", "webhook", "webhooks"})
# A label of a host, in any script; labels that don't match are concealed.
_LABEL = re.compile(r"[\w-]{0,63}")
_NUMBERED = re.compile(r"\[[0-9a-f:.]+\](?::\d{0,5})?", re.IGNORECASE)
_PORT = re.compile(r":\d{0,5}")
_WORD = re.compile(r"[^\s\"'<>]+")
_HOST = r"(?:(?:[\w-]+\.)+[^\W\d_][\w-]*|(?:\d{1,3}\.){3}\d{1,3}|localhost|\[[0-9a-f:.]+\])\.?(?::\d+)?"
# Where an address begins in a word: at its scheme; at its slashes, user or host; at the portal's own path.
_ADDRESS = re.compile(
    rf"(?P<scheme>[a-z][a-z0-9+.-]*:/{{2}})|(?P<bare>/{{2,}}(?=[^/])|(?:[^\s/@]+@)?{_HOST}(?=[/?\#]))"
    r"|(?P<path>/*webhooks/+offorte/+)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<wbr\s*/?>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\+u([0-9a-f]{4})", re.IGNORECASE)
# A named entity; in capitals browsers don't know it, but people can still read it.
_NAMED = re.compile(r"&[A-Za-z]+;")
_BACKSLASHES = re.compile(r"\\+/*")
# Invisible characters that break up a word.
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
# No text for people is encoded more often than this.
_MOST_LAYERS = 10
_SECRET_NAMES = frozenset({"key", "password", "secret", "signature", "token"})


def mark_of(digest: str) -> str:
    """Return the replacement of a secret with this SHA-256, in hexadecimal."""
    return MARK + digest[:_DIGITS]


def is_concealed(url: str) -> bool:
    """Return whether part of an address is concealed, so that nothing can be posted there."""
    return _CONCEALED.search(url) is not None


def conceal_secret(text: str) -> str:
    """Return the replacement of a secret; an empty or already concealed text is returned as it is."""
    if not text or _CONCEALED.fullmatch(text):
        return text
    return mark_of(sha256(text.encode("utf-8", "replace")).hexdigest())


def conceal_url(url: str) -> str:
    """Return an address without its secrets; text that is not an address is concealed as a whole."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return conceal_secret(url)
    if not parts.netloc:
        return conceal_secret(url)
    first, *segments = parts.path.removeprefix("/").split("/")
    path = [first if _SHORT_WORD.fullmatch(first) else conceal_secret(first)]
    path += [segment if segment in _WORDS else conceal_secret(segment) for segment in segments]
    shown = f"{parts.scheme}://{_conceal_host(parts.netloc)}"
    if parts.path:
        shown += "/" + "/".join(path)
    if parts.query:
        query = (parameter.partition("=") for parameter in parts.query.split("&"))
        concealed = (
            f"{name}={conceal_secret(value)}" if equals else conceal_secret(name) for name, equals, value in query
        )
        shown += "?" + "&".join(concealed)
    return shown + (f"#{conceal_secret(parts.fragment)}" if parts.fragment else "")


def conceal_text(text: str) -> str:
    """Return a text with all addresses in it concealed, however they are written."""
    return _WORD.sub(lambda found: _conceal_word(found[0]), _BREAK.sub("", text))


def unfold(text: str) -> str:
    """Return a text without percent-encoding, entities, escapes and invisible characters; backslashes become slashes.

    Raises ValueError where that takes too many rounds.
    """
    for _ in range(_MOST_LAYERS):
        plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        plain = _NAMED.sub(_read_sign, unescape(_BACKSLASHES.sub("/", plain)))
        plain = unquote(plain).translate(_INVISIBLE)
        if plain == text:
            return text
        text = plain
    raise ValueError("encoded too often")


def conceal(data: Any, name: str = "") -> Any:
    """Return a value from a response about webhooks without its secrets; `name` is the key of the value."""
    if isinstance(data, dict):
        return {conceal_text(str(key)): conceal(value, str(key)) for key, value in data.items()}
    if isinstance(data, list):
        return [conceal(value, name) for value in data]
    if data is None or isinstance(data, bool):
        return data
    if name.lower() in _SECRET_NAMES:
        return conceal_secret(str(data))
    if name == "payload_url":
        return conceal_url(str(data))
    return conceal_text(data) if isinstance(data, str) else data


def conceal_refusal(error: Rejected) -> Rejected:
    """Conceal what a rejection quotes of the request; return the same error."""
    error.detail = conceal_text(error.detail)
    error.field_errors = conceal(error.field_errors, "field_errors")
    return error


def _conceal_word(word: str) -> str:
    try:
        plain = unfold(word)
    except ValueError:
        return conceal_secret(word)
    found = _ADDRESS.search(plain)
    if found is None:
        return word
    if plain != word:
        return conceal_text(plain)
    before, address = word[: found.start()], word[found.start() :]
    if found["scheme"]:
        return before + conceal_url(address)
    # Completed with a scheme and, for a path, with a placeholder host, which are taken off again.
    stem = "https://" if found["bare"] else "https://x/"
    rest = address.lstrip("/")
    return before + address[: len(address) - len(rest)] + conceal_url(stem + rest).removeprefix(stem)


def _read_sign(found: re.Match[str]) -> str:
    name = found[0].lower()
    sign = unescape(name)
    return found[0] if sign == name else sign


def _conceal_host(netloc: str) -> str:
    user, at, host = netloc.rpartition("@")
    if _NUMBERED.fullmatch(host):
        return conceal_secret(user) + at + host
    name, colon, port = host.partition(":")
    labels = [
        label if _LABEL.fullmatch(label) and not _TOKEN_LABEL.fullmatch(label) else conceal_secret(label)
        for label in name.split(".")
    ]
    shown = colon + port if _PORT.fullmatch(colon + port) else conceal_secret(colon + port)
    return conceal_secret(user) + at + ".".join(labels) + shown
