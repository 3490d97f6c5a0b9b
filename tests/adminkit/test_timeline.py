"""One list of what happened, newest first, each thing told once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from offorte_portal.adminkit.timeline import Event, count_viewers, merge_events
from proposals.models import Comment, LogEntry, SentEmail

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def logged(minutes: int, action: str = "proposal: viewed", **columns: Any) -> LogEntry:
    columns = {"person": "Chuck", "type": "client", **columns}
    return LogEntry(logged_at=NOON + timedelta(minutes=minutes), action=action, **columns)


def asked(minutes: int, text: str = "Hoe lang?", **columns: Any) -> Comment:
    columns = {"firstname": "Anna", "type": "client", **columns}
    return Comment(commented_at=NOON + timedelta(minutes=minutes), comment=text, **columns)


def mailed(minutes: int, **columns: Any) -> SentEmail:
    columns = {"sent_by": "Sanne", "version_nr": 2, "receivers": [{"fullname": "Chuck"}], **columns}
    return SentEmail(sent_at=NOON + timedelta(minutes=minutes), **columns)


def told(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.who, event.what) for event in events]


def test_log_comments_and_mails_are_one_list_newest_first() -> None:
    events = merge_events([logged(1), logged(30, "proposal: accepted")], [asked(20)], [mailed(0)])
    assert told(events) == [
        ("Chuck", "accepted the proposal"),
        ("Anna", "asked"),
        ("Chuck", "viewed the proposal"),
        ("Sanne", "sent version 2 to Chuck"),
    ]
    assert [event.is_client for event in events] == [True, True, True, False]


def test_what_has_no_date_comes_last() -> None:
    events = merge_events([LogEntry(person="Bo", action="proposal: viewed"), logged(0)], [], [])
    assert [event.who for event in events] == ["Chuck", "Bo"]


def test_log_lines_that_repeat_a_comment_or_a_mail_are_left_out() -> None:
    log = [logged(5, "proposal: comment", person="Anna"), logged(9, "proposal: send", person="Sanne", type="user")]
    assert len(merge_events(log, [asked(5)], [mailed(9)])) == 2


def test_log_lines_of_comments_that_offorte_does_not_give_stay() -> None:
    log = [logged(500, "proposal: comment", person="Anna"), logged(5, "proposal: comment", person="Jo", type="user")]
    assert [event.who for event in merge_events(log, [asked(5)], [])] == ["Anna", "Anna", "Jo"]


def test_the_same_by_one_person_on_one_day_is_shown_once() -> None:
    events = merge_events([logged(0), logged(10), logged(20), logged(25, person="Anna"), logged(2000)], [], [])
    assert [(event.who, event.note) for event in events] == [
        ("Chuck", ""),
        ("Anna", ""),
        ("Chuck", "3 times since 14:00"),
    ]


def test_questions_are_marked_until_they_are_answered() -> None:
    answer = asked(10, "Twee weken.", type="user", firstname="Sanne")
    events = merge_events([], [asked(5), answer, asked(20, "En dan?")], [])
    assert [(event.text, event.note) for event in events] == [
        ("En dan?", "not answered"),
        ("Twee weken.", ""),
        ("Hoe lang?", ""),
    ]


def test_unknown_actions_are_shown_as_offorte_wrote_them() -> None:
    assert told(merge_events([logged(0, "proposal: danced for <b>all</b>")], [], [])) == [
        ("Chuck", "“danced for <b>all</b>” (in Offorte’s words)")
    ]


def test_nobody_named_is_somebody() -> None:
    log = [logged(0, person=""), logged(-5, person="", type="user", action="")]
    assert told(merge_events(log, [], [])) == [("The prospect", "viewed the proposal"), ("Someone", "did something")]


def test_mails_without_version_or_receivers_are_shown() -> None:
    emails = [
        mailed(0, version_nr=None),
        mailed(-1, receivers=[None, {"email": 5}]),
        mailed(-2, version_nr=None, receivers=[]),
    ]
    assert [event.what for event in merge_events([], [], emails)] == [
        "sent the proposal to Chuck",
        "sent version 2",
        "sent the proposal",
    ]


def test_long_words_are_folded() -> None:
    short, long, tall = asked(0, "a" * 400), asked(1, "a" * 10_000), asked(2, "a\n" * 9)
    assert [event.is_long for event in merge_events([], [tall, long, short], [])] == [True, True, False]


def test_viewers_are_people_of_the_prospect() -> None:
    log = [
        logged(0),
        logged(1),
        logged(2, "proposal: viewed pdf", person="Anna"),
        logged(3, type="user", person="Sanne"),
    ]
    assert count_viewers(log) == 2
