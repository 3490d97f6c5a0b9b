"""Offorte's log is read once: each word is the same in the timeline, the feed and the figures, in both languages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from offorte_portal.activity.happenings import Kind, read_log
from offorte_portal.adminkit.timeline import merge_events
from offorte_portal.mirror.history import Code, find_unknown, read_history
from offorte_portal.simulator.rendering.history import ACTIONS, DUTCH, write_action
from proposals.models import LogEntry

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)

# Code, English, Dutch, kind in the feed: and what Offorte may write for it, with the side that does it.
MEANINGS: list[tuple[Code, str, str, Kind | None, list[tuple[str, str]]]] = [
    (
        Code.VIEWED_PDF,
        "opened the PDF",
        "opende de pdf",
        Kind.PDF,
        [("proposal: viewed pdf", "client"), ("PDF bekeken", "client")],
    ),
    (
        Code.VIEWED,
        "viewed the proposal",
        "bekeek de offerte",
        Kind.VIEWED,
        [
            ("proposal: viewed", "client"),
            ("Proposal: Viewed", "client"),
            ("PROPOSAL - VIEWED!", "Client"),
            ("viewed", "klant"),
            ("Offerte bekeken", "client"),
            ("offerte: bekeken door Chuck", "client"),
        ],
    ),
    (Code.VIEWED, "viewed the proposal", "bekeek de offerte", None, [("proposal: viewed", "user")]),
    (
        Code.DOWNLOADED,
        "downloaded the PDF",
        "downloadde de pdf",
        Kind.PDF,
        [("downloaded", "client"), ("PDF gedownload", "client")],
    ),
    (
        Code.SENT,
        "sent the proposal",
        "verstuurde de offerte",
        Kind.SENT,
        [
            ("proposal: send", "user"),
            ("Proposal was sent.", "user"),
            ("Offerte verzonden", "user"),
            ("verstuurd naar info@example.com", "user"),
            ("status open", "user"),
            ("Status: Open", "user"),
        ],
    ),
    (
        Code.SENT_BY_ONESELF,
        "passed on the links",
        "gaf de links zelf door",
        Kind.SENT,
        [("send by user", "user"), ("Proposal: Send by user", "user"), ("verzonden door gebruiker", "user")],
    ),
    (
        Code.CREATED,
        "created the proposal",
        "maakte de offerte",
        Kind.CREATED,
        [("proposal: created", "user"), ("Offerte aangemaakt", "user")],
    ),
    (
        Code.MODIFIED,
        "changed the proposal",
        "wijzigde de offerte",
        None,
        [("modified", "user"), ("Offerte is gewijzigd", "user")],
    ),
    (Code.COMMENTED, "commented", "reageerde", None, [("proposal: comment", "client"), ("Reactie geplaatst", "user")]),
    (
        Code.CHOSE,
        "changed options",
        "wijzigde opties",
        Kind.CHOSE,
        [("changed options", "client"), ("Opties gewijzigd", "client")],
    ),
    (Code.WON, "accepted the proposal", "accepteerde de offerte", Kind.WON, [("accepted", "client")]),
    (
        Code.WON,
        "marked the proposal as won",
        "zette de offerte op Gewonnen",
        Kind.WON,
        [("status won", "user"), ("Status gewijzigd naar gewonnen", "user")],
    ),
    (
        Code.SIGNED,
        "signed the proposal",
        "ondertekende de offerte",
        Kind.SIGNED,
        [("signed", "client"), ("Ondertekend", "client")],
    ),
    (Code.LOST, "marked the proposal as lost", "zette de offerte op Verloren", Kind.LOST, [("status lost", "user")]),
    (Code.LOST, "declined the proposal", "wees de offerte af", Kind.LOST, [("Offerte: afgewezen", "client")]),
    (
        Code.CLOSED,
        "closed the proposal",
        "sloot de offerte",
        Kind.CLOSED,
        [("status closed", "user"), ("gesloten", "user")],
    ),
    (
        Code.REOPENED,
        "reopened the proposal",
        "heropende de offerte",
        Kind.REOPENED,
        [("reopened", "user"), ("Heropend", "user")],
    ),
    (
        Code.BACK_IN_EDIT,
        "moved the proposal back to edit",
        "zette de offerte terug op In bewerking",
        None,
        [("status edit", "user")],
    ),
    (Code.OWNER_CHANGED, "made Piet the owner", "maakte Piet eigenaar", None, [("owner changed to Piet", "user")]),
    (Code.OWNER_CHANGED, "changed the owner", "wijzigde de eigenaar", None, [("Eigenaar gewijzigd", "user")]),
    (
        Code.PRICE_CHANGED,
        "changed the price",
        "wijzigde de prijs",
        None,
        [("price changed", "user"), ("Prijs aangepast", "user")],
    ),
    (
        Code.REMINDED,
        "sent a reminder",
        "stuurde een herinnering",
        None,
        [("reminder sent", "user"), ("Herinnering verzonden", "user")],
    ),
    (Code.DELETED, "deleted the proposal", "verwijderde de offerte", None, [("verwijderd", "user")]),
    (
        Code.UNKNOWN,
        "“danced” (in Offorte’s words)",
        "“danced” (in de woorden van Offorte)",
        None,
        [("proposal: danced", "client")],
    ),
    (
        Code.UNKNOWN,
        "“not viewed” (in Offorte’s words)",
        "“not viewed” (in de woorden van Offorte)",
        None,
        [("not viewed", "client")],
    ),
    (Code.UNKNOWN, "did something", "deed iets", None, [("", "client")]),
]
TABLE = [(action, side, *meaning) for *meaning, actions in MEANINGS for action, side in actions]


def entry(action: str, minutes: float = 0, **columns: Any) -> LogEntry:
    columns = {"person": "Chuck", "type": "user", "logged_at": NOON + timedelta(minutes=minutes), **columns}
    return LogEntry(action=action, **columns)


def say(log: list[LogEntry], language: str) -> list[str]:
    with translation.override(language):
        return [event.what for event in merge_events(log, [], [])]


@pytest.mark.parametrize(("action", "side", "code", "english", "dutch", "kind"), TABLE)
def test_an_action_is_the_same_everywhere(
    action: str, side: str, code: Code, english: str, dutch: str, kind: Kind | None
) -> None:
    log = [entry(action, type=side)]
    (read,) = read_history(log)
    assert read.code == code
    assert read.is_view == (kind in {Kind.VIEWED, Kind.PDF})
    assert (say(log, "en"), say(log, "nl")) == ([english], [dutch])
    assert [one.kind for one in read_log(read_history(log))] == ([kind] if kind else [])


@pytest.mark.parametrize("form", ["plain", "capitals", "dutch"])
@pytest.mark.parametrize("action", ACTIONS)
def test_no_action_that_offorte_is_known_to_log_is_shown_raw(action: str, form: Any) -> None:
    written = write_action(action, form)
    assert not find_unknown([entry(written)])
    for language in ("en", "nl"):
        (words,) = say([entry(written)], language)
        raw = {action, DUTCH[action], written}
        assert not any(
            one in words or one.partition(": ")[2] == words for one in raw if one != "proposal: changed options"
        )


@pytest.mark.parametrize("order", [("signed", "accepted"), ("status won", "signed")])
def test_the_timeline_tells_a_signing_once(order: tuple[str, str]) -> None:
    log = [entry(action, type="client") for action in order]
    assert say(log, "en") == ["signed the proposal"]
    later = entry("status won", 5, person="Sanne")
    assert say([*log, later], "en") == ["marked the proposal as won", "signed the proposal"]


def codes(*actions: str) -> list[str]:
    """What these say, one minute after the other."""
    return [one.code for one in read_history([entry(action, number) for number, action in enumerate(actions)])]


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["created", "status open"], ["created", "sent"]),
        (["created", "send", "status open"], ["created", "sent", "opened"]),
        (["status open", "status edit", "status open"], ["sent", "back in edit", "sent"]),
        (["status won", "status open"], ["won", "reopened"]),
        (["accepted", "viewed", "status open", "status lost"], ["won", "viewed", "reopened", "lost"]),
        (["status closed", "status edit", "status open"], ["closed", "reopened", "sent"]),
        (["status lost", "danced", "status open"], ["lost", "unknown", "reopened"]),
    ],
)
def test_a_status_is_read_in_the_order_of_the_history(actions: list[str], expected: list[str]) -> None:
    assert codes(*actions) == expected


@pytest.mark.parametrize(
    "action",
    [
        "proposal: Status changed to won by Jan",
        "Offerte: status gewijzigd naar gewonnen door Jan",
        "proposal: status won by Jan",
        "status changed from open to won by Jan de Wit",
    ],
)
def test_whoever_changed_a_status_may_be_named_in_its_words(action: str) -> None:
    assert codes(action) == [Code.WON]


def test_a_prospect_who_looked_had_received_it() -> None:
    log = [entry("viewed", type="client"), entry("status open", 1)]
    assert [one.code for one in read_history(log)] == [Code.VIEWED, Code.OPENED]


def test_within_a_minute_offorte_s_order_decides() -> None:
    """It lists the newest first."""
    log = [entry("status open", 0), entry("status won", 0), entry("send", -5)]
    assert [one.code for one in read_history(log)] == [Code.SENT, Code.WON, Code.REOPENED]


def test_what_has_no_date_keeps_its_place() -> None:
    log = [entry("status open", 2), entry("status won", logged_at=None), entry("send", 0)]
    assert [one.code for one in read_history(log)] == [Code.SENT, Code.WON, Code.REOPENED]


def test_unknown_words_keep_their_own_and_count_once() -> None:
    log = [entry("proposal: danced"), entry("proposal: danced", 1), entry("x" * 5000, 2), entry("", 3)]
    assert find_unknown(log) == {"proposal: danced", "x" * 300}
    assert read_history(log)[0].words == "proposal: danced"
