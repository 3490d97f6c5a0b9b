"""What is kept of the address of a webhook."""

from collections.abc import Callable
from functools import partial
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from offorte_portal.api.concealing import conceal, conceal_refusal, conceal_text, conceal_url, is_concealed, unfold
from offorte_portal.api.errors import Rejected

TOKEN = "kq3nR7wZ_t1-Vb0"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.com/incoming", "https://example.com/incoming"),
        ("https://example.com", "https://example.com"),
        ("https://example.com:8443/api/webhooks/offorte/", "https://example.com:8443/api/webhooks/offorte/"),
        (f"https://portal.example/webhooks/offorte/{TOKEN}/", "https://portal.example/webhooks/offorte/*/"),
        (f"https://portal.example/a/b/webhooks/offorte/{TOKEN}/", "https://portal.example/a/*/webhooks/offorte/*/"),
        (f"https://hooks.example/hooks/catch/123/{TOKEN}", "https://hooks.example/hooks/catch/*/*"),
        (f"https://example.com/{TOKEN}", "https://example.com/*"),
        (f"https://me:{TOKEN}@example.com/in", "https://*@example.com/in"),
        (f"https://example.com/in?key={TOKEN}&on=", "https://example.com/in?key=*&on="),
        (f"https://example.com/in?{TOKEN}#{TOKEN}", "https://example.com/in?*#*"),
        ("https://eoabc123def456.m.example.net/", "https://*.m.example.net/"),
        (f"example.com/{TOKEN}", "*"),
        (f"https://[example/{TOKEN}", "*"),
        ("", ""),
    ],
)
def test_what_is_secret_is_concealed_and_the_rest_stays(url: str, shown: str) -> None:
    concealed = conceal_url(url)
    parts = concealed.split("…")
    assert parts[0] + "".join("*" + part[12:] for part in parts[1:]) == shown
    assert is_concealed(concealed) == ("*" in shown)
    assert conceal_url(concealed) == concealed


@given(st.text(max_size=40), st.text(max_size=40))
def test_addresses_are_told_apart_and_concealed_once(one: str, other: str) -> None:
    first, second = (conceal_url(f"https://example.com/hooks/{text}") for text in (one, other))
    assert conceal_url(first) == first
    is_same = one.translate(STRIPPED) == other.translate(STRIPPED)
    assert is_same or first != second or {one, other} & {"", "/"} or "?" in one + other or "#" in one + other


# What `urlsplit` leaves out of an address.
STRIPPED = {ord(character): None for character in "\t\r\n"}


def test_an_answer_is_concealed_whatever_its_keys() -> None:
    answer = {
        "id": 5,
        "active": True,
        "payload_url": f"example.com/{TOKEN}",
        "secret": TOKEN,
        "deliveries": [{"request": f"POST https://example.com/hooks/{TOKEN} 200", "token": TOKEN}],
        "date_failed": None,
        "events": ["all"],
    }
    concealed = conceal(answer)
    assert TOKEN not in str(concealed)
    assert {name: concealed[name] for name in ("id", "active", "date_failed", "events")} == {
        "id": 5,
        "active": True,
        "date_failed": None,
        "events": ["all"],
    }


def test_a_refusal_that_quotes_the_address_is_concealed() -> None:
    text = f"https://example.com/hooks/{TOKEN} is taken"
    error = conceal_refusal(Rejected(detail=text, field_errors={"payload_url": [text]}))
    assert TOKEN not in f"{error.detail} {error.field_errors}"
    assert "is taken" in error.detail


def escape_slashes(text: str) -> str:
    return text.replace("/", "\\/")


def name_slashes(text: str) -> str:
    return text.replace("/", "&sol;").replace(":", "&colon;")


def number_slashes(text: str) -> str:
    return text.replace("/", "&#x2F;").replace(":", "&#58;")


def escape_unicode(text: str) -> str:
    return text.replace("/", "\\u002f")


def split_by_an_entity(text: str) -> str:
    return "&shy;".join([text[:-6], text[-6:]])


def split_by_a_tag(text: str) -> str:
    return "<wbr>".join([text[:-6], text[-6:]])


SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    partial(quote, safe=""),
    escape_slashes,
    name_slashes,
    number_slashes,
    escape_unicode,
    split_by_an_entity,
    split_by_a_tag,
]
STARTS = [
    "https://x.example", "http://127.0.0.1:8000", "https://[::1]:8000", "//x.example", "x.example", "x.example:8443",
    "localhost:8000", "127.0.0.1", "portal", "", "/a/b", "me@x.example", "https://x.example//",
]  # fmt: skip
PATH = "/webhooks/offorte/"
AROUND = [
    ("", ""),
    ("The address ", " is taken."),
    ('{"payload_url": "', '"}'),
    ("(", ")"),
    ("<", ">"),
    ("?next=", "&a=1"),
]
tokens = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", min_size=12, max_size=43)


@given(
    token=tokens,
    start=st.sampled_from(STARTS),
    spellings=st.lists(st.sampled_from(SPELLINGS), max_size=3),
    around=st.sampled_from(AROUND),
    end=st.sampled_from(["", "/", "//", "?a=b", "#c"]),
)
@example(token=TOKEN, start="x.example", spellings=[], around=("", ""), end="/")
@example(token=TOKEN, start="//x.example", spellings=[], around=("", ""), end="")
@example(token=TOKEN, start="https://x.example", spellings=[name_slashes, str.upper], around=("", ""), end="")
def test_no_spelling_of_an_address_keeps_its_secret(
    token: str, start: str, spellings: list[Callable[[str], str]], around: tuple[str, str], end: str
) -> None:
    assume(token[-6:].lower() not in f"{around} {start} {PATH}".lower())
    written = f"{start}{PATH}{token}{end}"
    for spell in spellings:
        written = spell(written)
    concealed = conceal_text(around[0] + written + around[1])
    assert token.lower() not in concealed.lower()
    assert token[-6:].lower() not in concealed.lower() or token[-6:].lower() in _hashes(concealed)
    assert conceal_text(concealed) == concealed


def _hashes(text: str) -> str:
    return "".join(part[:12] for part in text.split("…")[1:])


@given(st.text(max_size=200))
def test_nothing_is_concealed_twice_whatever_the_text(text: str) -> None:
    concealed = conceal_text(text)
    assert conceal_text(concealed) == concealed


@pytest.mark.parametrize(
    "text",
    [
        "On 01/02/2026 at 10:30, 3/4 of 100%25 & more.",
        "application/json and/or text/html; 30 requests/min",
        "jan@example.com, proposal_won, C:\\temp, a\\nb",
        "The payload_url must be https. See example.com.",
        'De offerte is op 1,5/2,5 gezet // let op: it\'s "fine" <b>so</b>',
        "https://example.com/webhooks/offorte/…0123456789ab/ is taken",
    ],
)
def test_what_is_no_address_stays_as_it_is(text: str) -> None:
    assert conceal_text(text) == text


def test_a_name_of_no_sign_is_read_as_it_is_written() -> None:
    assert unfold("R&D; &FOO;&SOL;bar") == "R&D; &FOO;/bar"


def test_what_is_encoded_without_end_is_taken_for_a_secret() -> None:
    text = "https://x.example/hooks/" + TOKEN
    for _ in range(30):
        text = quote(text, safe="")
    assert TOKEN not in conceal_text(f"{text} is taken")


def test_an_address_in_place_of_a_host_or_name_is_concealed() -> None:
    for url in (f"https://x.example%2Fhooks%2F{TOKEN}", f"https://x.example\\hooks\\{TOKEN}", f"https://[{TOKEN}]/"):
        assert TOKEN not in conceal_url(url)
    assert TOKEN not in str(conceal({f"x.example/hooks/{TOKEN}": ["is taken"]}))
