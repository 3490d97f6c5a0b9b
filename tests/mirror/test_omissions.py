"""An answer that leaves out what the reference documents is not taken for one that says "none"."""

from datetime import timedelta
from typing import Any

import pytest

from contacts.mirror import COMPANIES
from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.mirror import omissions
from offorte_portal.mirror.engine import apply_list, apply_object
from offorte_portal.mirror.models import OmittedKey
from offorte_portal.sync.details import retried_proposals
from proposals.mirror import DETAILS, PROPOSALS
from proposals.models import Proposal
from tests.mirror.details import COMMENT, ITEM, NOW, PRINTED, answer, apply, element_of
from tests.support import warnings

pytestmark = pytest.mark.django_db


LOGS = answer()["logs"]


def parts(row: Proposal) -> tuple[int, ...]:
    tables = [table.rows.count() for table in row.price_tables.all()]
    return (row.comments.count(), row.log_entries.count(), row.emails.count(), row.receivers.count(), *tables)


def test_what_the_reference_prints_leaves_nothing_out(account: int) -> None:
    assert apply(account, answer()) == []
    row = Proposal.objects.get()
    assert (row.details_fingerprint, row.details_tries, row.warnings) == ("f", 0, [])


@pytest.mark.parametrize("form", ["missing", "null", "other"])
@pytest.mark.parametrize("key", [name for name, key in DETAILS.items() if key.kind is not object])
def test_an_omitted_key_keeps_the_known_and_details_stay_due(account: int, key: str, form: str) -> None:
    apply(account, answer())
    before = parts(Proposal.objects.get())
    raw = answer()
    element, last = element_of(raw, key), key.rpartition(".")[2]
    element.pop(last)
    if form != "missing":
        other: Any = [] if DETAILS[key].kind is dict else {}
        element[last] = None if form == "null" else other
    assert apply(account, raw, minutes=1) == [f"omitted:{key}"]
    row = Proposal.objects.get()
    assert parts(row) == before == (1, 1, 1, 1, 2, 4)
    assert (row.name, row.status, row.type, row.company_name) == ("Offer", "open", "magazine", "Bakker")
    assert row.payload == answer()
    assert warnings.read(row.warnings) == [f"omitted:{key}"]
    assert (row.details_fingerprint, row.details_retry_for, row.details_tries) == ("", "f", 1)
    assert row.details_retry_at == NOW + timedelta(minutes=2)


@pytest.mark.parametrize("key", ["comments", "emails", "receivers", "logs.history", "content.pricetables"])
def test_a_list_with_an_element_that_is_no_object_tells_nothing(account: int, key: str) -> None:
    apply(account, answer())
    before = parts(Proposal.objects.get())
    raw = answer()
    *way, last = key.split(".")
    node = raw[way[0]] if way else raw
    node[last] = [None, *node[last][1:]]
    assert apply(account, raw, minutes=1) == [f"omitted:{key}"]
    row = Proposal.objects.get()
    assert (parts(row), row.payload, row.details_fingerprint) == (before, answer(), "")


@pytest.mark.parametrize("key", [name for name, key in DETAILS.items() if key.kind is object and "." in name])
def test_an_elements_omission_stays_where_null_may_mean_none(account: int, key: str) -> None:
    apply(account, answer())
    raw, last = answer(), key.rpartition(".")[2]
    element = element_of(raw, key)
    element[last] = None
    # Of a list's element without an id nobody knows whether it is one that the mirror holds.
    is_known = "id" in element or key == "company.name"
    assert apply(account, raw, minutes=1) == ([f"omitted:{key}"] if is_known else [])
    apply(account, answer(), minutes=2)
    del element[last]
    assert apply(account, raw, minutes=3) == [f"omitted:{key}"]
    assert Proposal.objects.get().payload == answer()


@pytest.mark.parametrize("key", ["comments.comment", "comments.email", "emails.message", "receivers.pass"])
def test_null_in_a_new_element_may_mean_none(account: int, key: str) -> None:
    apply(account, answer())
    raw, last = answer(), key.rpartition(".")[2]
    element_of(raw, key)[last] = None
    raw[key.partition(".")[0]][0]["id"] = 90
    assert (apply(account, raw, minutes=1) == []) == (DETAILS[key].kind is object)


def test_receivers_without_ids_keep_their_own_links(account: int) -> None:
    apply(account, answer())
    Proposal.objects.get().receivers.update(sent_link="https://x.example/anna")
    bram = {"fullname": "Bram Bos", "email": "bram@example.com", "pass": "https://x.example/z"}
    apply(account, answer(receivers=[bram]), minutes=1)
    receiver = Proposal.objects.get().receivers.get()
    assert (receiver.email, receiver.sent_link) == ("anna@example.com", "https://x.example/anna")


def test_what_elements_leave_out_is_known_by_their_ids(account: int) -> None:
    apply(account, answer())
    new = {**COMMENT, "id": 12, "comment": "And?"}
    raw = answer(comments=[new, {**COMMENT, "id": "11"}])
    for comment in raw["comments"]:
        del comment["comment"]
    apply(account, raw, minutes=1)
    told = Proposal.objects.get().comments.values_list("remote_id", "comment")
    assert list(told) == [(12, ""), (11, "Why?")]


def test_a_history_that_leaves_out_what_happened_stays_whole(account: int) -> None:
    apply(account, answer())
    history = [{"date": PRINTED, "person": "Bram Bos"}, {"date": PRINTED, "person": "Anna Bos"}]
    apply(account, answer(logs=LOGS | {"history": history}), minutes=1)
    assert list(Proposal.objects.get().log_entries.values_list("person", "action")) == [("Anna Bos", "viewed")]


@pytest.mark.parametrize("form", ["unusable", "no object"])
def test_a_list_with_an_unidentified_element_removes_nothing(account: int, form: str) -> None:
    apply(account, answer())
    other: Any = {**COMMENT, "id": "eleven"} if form == "unusable" else "text"
    raws = [answer(comments=[other, {**COMMENT, "id": 12}]), answer(comments=[{**COMMENT, "id": 12}])]
    apply(account, raws[0], minutes=1)
    assert 11 in Proposal.objects.get().comments.values_list("remote_id", flat=True)
    apply(account, raws[1], minutes=2)
    assert Proposal.objects.get().comments.get().remote_id == 12


def test_an_empty_list_says_none(account: int) -> None:
    apply(account, answer())
    nothing = {"comments": [], "emails": [], "receivers": [], "content": {"pricetables": []}}
    assert apply(account, answer(**nothing, logs=LOGS | {"history": []}), minutes=1) == []
    assert parts(Proposal.objects.get()) == (0, 0, 0, 0)


def test_an_object_with_the_omitted_part_is_one_omission(account: int) -> None:
    assert apply(account, answer(content=None, logs=None)) == [
        "omitted:logs.summary",
        "omitted:logs.history",
        "omitted:content.pricetables",
    ]


@pytest.mark.parametrize("key", ["remarks", "price_total"])
def test_null_says_none_unless_something_is_known(account: int, key: str) -> None:
    assert apply(account, answer(**{key: None})) == []
    apply(account, answer(**{key: 9}), minutes=1)
    assert apply(account, answer(**{key: None}), minutes=2) == [f"omitted:{key}"]
    row = Proposal.objects.get()
    assert (str(getattr(row, key)).removesuffix(".0000"), row.payload[key]) == ("9", 9)


def test_null_where_a_list_was_held_is_an_omission(account: int) -> None:
    apply(account, answer(remarks=["a"]))
    assert "omitted:remarks" in apply(account, answer(remarks=None), minutes=1)


def test_a_vanished_key_is_due_once_an_answer_holds_it(account: int) -> None:
    for remote_id in range(1, omissions.MOST_IN_A_ROW + 3):
        apply(account, answer(comments=None), remote_id=remote_id)
    due = retried_proposals(account).values_list("remote_id", flat=True)
    Proposal.objects.exclude(details_retry_at=None).update(details_tries=0)
    assert list(due) == []
    apply(account, answer(), remote_id=90)
    assert sorted(retried_proposals(account).values_list("remote_id", flat=True)) == [20, 21, 22]


def test_pauses_grow_until_an_answer_is_whole(account: int) -> None:
    minute = 0
    for pause in [*omissions.PAUSES, omissions.PAUSES[-1]]:
        minute += 1
        apply(account, answer(comments=None), minutes=minute)
        assert Proposal.objects.get().details_retry_at == NOW + timedelta(minutes=minute) + pause
    apply(account, answer(), minutes=minute + 1)
    row = Proposal.objects.get()
    assert (row.details_tries, row.details_retry_at, row.details_fingerprint, row.warnings) == (0, None, "f", [])
    assert not OmittedKey.objects.exists()


def test_the_warning_stays_until_something_tells_the_key(account: int) -> None:
    apply(account, answer(comments=None, emails=None))
    apply_list(account, PROPOSALS, [{**ITEM, "name": "New"}], as_of=NOW + timedelta(minutes=1), bucket="open")
    event = {"id": 1, "comments": [], "emails": None}
    apply_object(account, PROPOSALS, 1, event, as_of=NOW + timedelta(minutes=2))
    row = Proposal.objects.get()
    assert (row.name, warnings.read(row.warnings), row.details_tries) == ("New", ["omitted:emails"], 1)


def test_a_key_that_many_answers_in_a_row_leave_out_has_vanished(account: int) -> None:
    apply(account, answer(comments=None), remote_id=90)
    apply(account, answer(), remote_id=91)
    for remote_id in range(1, omissions.MOST_IN_A_ROW + 1):
        apply(account, answer(comments=None), remote_id=remote_id)
        apply(account, answer(comments=None), remote_id=remote_id, minutes=1)
    waiting = Proposal.objects.filter(details_retry_at__isnull=False)
    assert waiting.count() == omissions.MOST_IN_A_ROW  # those before the last one, and the very first
    last = Proposal.objects.get(remote_id=omissions.MOST_IN_A_ROW)
    assert (last.details_tries, last.details_retry_at, warnings.read(last.warnings)) == (2, None, ["omitted:comments"])
    key = OmittedKey.objects.get()
    assert (key.key, key.answers) == ("comments", omissions.MOST_IN_A_ROW)


@pytest.mark.parametrize(
    "content",
    [{"pricetables": []}, {"pricetables": [{"id": "one", "rows": []}]}, None],
    ids=["tables", "rows", "inside"],
)
def test_an_answer_that_says_nothing_of_the_key_ends_no_count(account: int, content: Any) -> None:
    Connection.objects.update(vanished_keys=["proposals.content.pricetables.rows.type"])
    untyped = {"pricetables": [{"id": "one", "rows": [{"content": "A"}]}]}
    apply(account, answer(content=untyped))
    apply(account, answer(content=content), remote_id=2)
    apply(account, answer(content=untyped), remote_id=3)
    assert OmittedKey.objects.get(key="content.pricetables.rows.type").answers == 2
    assert Connection.objects.get().vanished_keys
    apply(account, answer(), remote_id=4)
    assert not OmittedKey.objects.exists()
    assert Connection.objects.get().vanished_keys == []


def test_what_else_is_left_out_meanwhile_is_asked_for_again(account: int) -> None:
    for remote_id in range(1, omissions.MOST_IN_A_ROW + 1):
        apply(account, answer(comments=None), remote_id=remote_id)
    apply(account, answer(comments=None, emails=None), remote_id=50)
    assert Proposal.objects.get(remote_id=50).details_retry_at == NOW + omissions.PAUSES[0]


def test_an_answer_that_tells_the_key_ends_the_alarm(account: int) -> None:
    Connection.objects.update(vanished_keys=["proposals.comments", "proposals.emails"])
    OmittedKey.objects.create(connection_id=account, resource="proposals", key="comments", remote_id=1, since=NOW)
    apply(account, answer())
    assert Connection.objects.get().vanished_keys == ["proposals.emails"]


def test_rows_stay_in_their_table_when_another_comes_before_it(account: int) -> None:
    apply(account, answer())
    new = {"id": "new", "rows": []}
    apply(account, answer(content={"pricetables": [new, {"id": "one"}, {"id": "two"}]}), minutes=1)
    tables = Proposal.objects.get().price_tables.all()
    assert [(table.key, table.rows.count()) for table in tables] == [("new", 0), ("one", 2), ("two", 4)]


def test_a_company_without_its_people_keeps_them_with_a_warning(account: int) -> None:
    raw = {"id": 7, "name": "Bakker", "people": [{"id": 1, "fullname": "Anna"}]}
    apply_list(account, COMPANIES, [raw], as_of=NOW)
    apply_object(account, COMPANIES, 7, {"id": 7, "name": "Bakker BV", "people": None}, as_of=NOW, details_for="")
    company = Company.objects.get()
    assert (company.name, company.people.count(), warnings.read(company.warnings)) == (
        "Bakker BV",
        1,
        ["omitted:people"],
    )
    assert company.payload["people"] == raw["people"]
    apply_list(account, COMPANIES, [raw], as_of=NOW)
    assert Company.objects.get().warnings == []
