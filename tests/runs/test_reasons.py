"""Reasons in the database and in words."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import serializers
from django.core.exceptions import ValidationError
from django.utils.translation import override

from offorte_portal.api import errors
from offorte_portal.api.codes import Code
from offorte_portal.connections.models import Connection
from offorte_portal.connections.reasons import ApiReason, ConnectionReason
from offorte_portal.files.models import Upload
from offorte_portal.runs.reasons import (
    Reason,
    ReasonCode,
    RunReason,
    codes,
    invalid,
    join,
    put_into_words,
    reasons_of,
    register,
)
from tests.support.factories import make_connection

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# Words that are values and a name alone need no Dutch.
VALUE_ONLY = re.compile(r"(?:%\(\w+\)s|Offorte|[:,()\s])+")


def words(code: ReasonCode, language: str) -> str:
    with override(language):
        return str(code.label)


@pytest.mark.parametrize("code", codes(), ids=str)
def test_every_code_has_words_in_english_and_dutch(code: ReasonCode) -> None:
    english, dutch = words(code, "en"), words(code, "nl")
    assert english != dutch or VALUE_ONLY.fullmatch(english)
    assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(dutch))
    values = dict.fromkeys(PLACEHOLDER.findall(english), "5")
    with override("nl"):
        assert english == "%(value)s" or put_into_words(code(**values)) == dutch % values


def test_every_code_of_offorte_s_client_is_registered() -> None:
    assert set(ApiReason.values) == set(Code)


def all_errors(error: type[errors.OfforteError] = errors.OfforteError) -> list[type[errors.OfforteError]]:
    return [error, *(each for kind in error.__subclasses__() for each in all_errors(kind))]


def test_every_code_of_an_error_is_registered() -> None:
    known = {code.value for code in codes()}
    assert [kind for kind in all_errors() if kind.code not in known] == []


def test_every_table_of_codes_is_registered() -> None:
    """A class that was not registered would show its codes to people."""
    tables = [path for path in settings.BASE_DIR.glob("*/**/*.py") if ".venv" not in path.parts and is_ours(path)]
    found = {name for path in tables for name in find_code_tables(path)}
    assert found == {type(code).__name__ for code in codes()}


def is_ours(path: Path) -> bool:
    return path.relative_to(settings.BASE_DIR).parts[0] in {"offorte_portal", "contacts", "catalog", "proposals"}


def find_code_tables(path: Path) -> list[str]:
    classes = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)]
    return [each.name for each in classes if "ReasonCode" in {ast.unparse(base) for base in each.bases}]


def test_a_code_belongs_to_one_room() -> None:
    class Other(ReasonCode):
        TAKEN = ConnectionReason.RECONNECT.value, "Taken"

    with pytest.raises(ValueError, match=r"connections\.reconnect"):
        register(Other)


def test_a_reason_in_a_reason_is_put_into_the_reader_s_words_too() -> None:
    reason = ConnectionReason.DISCONNECTED_BY(name=Reason(Code.NOT_FOUND))
    with override("nl"):
        assert put_into_words(reason) == ConnectionReason.DISCONNECTED_BY.label % {"name": ApiReason.NOT_FOUND.label}
        assert "niet vinden" in put_into_words(reason)


@pytest.mark.parametrize("reason", [Reason("never.heard_of"), Reason("never.heard_of", {"name": "Anna"})])
def test_an_unknown_code_shows_itself(reason: Reason) -> None:
    assert put_into_words(reason) == "never.heard_of"


@pytest.mark.parametrize("values", [{}, {"nom": "Anna"}])
def test_missing_values_are_no_reason_to_fail(values: dict[str, str]) -> None:
    assert put_into_words(Reason(ConnectionReason.DISCONNECTED_BY, values)) == "Disconnected by %(name)s."


def test_no_reason_has_no_words() -> None:
    assert put_into_words(None) == ""


@pytest.mark.django_db
def test_a_reason_comes_back_from_the_database_as_it_was() -> None:
    reason = ConnectionReason.DISCONNECTED_BY(name=Reason("x", {"n": 1}))
    connection = make_connection(state_reason=reason)
    assert Connection.objects.get().state_reason == reason
    assert Connection.objects.values_list("state_reason", flat=True).get() == reason
    assert Connection.objects.get(state_reason=reason) == connection
    assert Connection.objects.get(state_reason__code=ConnectionReason.DISCONNECTED_BY) == connection
    assert not Connection.objects.filter(state_reason__code=ConnectionReason.RECONNECT).exists()
    assert not Connection.objects.exclude(state_reason=reason).exists()


@pytest.mark.django_db
def test_none_is_stored_as_nothing_by_each_way_of_writing() -> None:
    connection = make_connection(state_reason=Reason("x"))
    for write in (
        lambda: Connection.objects.update(state_reason=None),
        lambda: connection.save(update_fields=["state_reason"]),
        lambda: Connection.objects.bulk_update([connection], ["state_reason"]),
    ):
        Connection.objects.update(state_reason=Reason("x"))
        connection.state_reason = None
        write()
        assert Connection.objects.get(state_reason__isnull=True).state_reason is None


@pytest.mark.django_db
def test_reasons_are_written_in_bulk() -> None:
    connection = make_connection()
    connection.state_reason = Reason("x", {"a": "b"})
    Connection.objects.bulk_update([connection], ["state_reason"])
    assert Connection.objects.get().state_reason == Reason("x", {"a": "b"})


@pytest.mark.django_db
def test_a_sentence_is_refused() -> None:
    make_connection()
    with pytest.raises(TypeError, match="keeps a Reason"):
        Connection.objects.update(state_reason="Offorte is away.")


@pytest.mark.django_db
def test_a_reason_is_dumped_and_loaded() -> None:
    make_connection(state_reason=Reason("x", {"a": "b"}))
    dump = serializers.serialize("json", Connection.objects.defer("client_secret"), fields=["account", "state_reason"])
    [loaded] = serializers.deserialize("json", dump)
    assert isinstance(loaded.object, Connection)
    assert loaded.object.state_reason == Reason("x", {"a": "b"})


def test_several_reasons_are_one_behind_or_under_the_other() -> None:
    several = [Reason("first"), ConnectionReason.DISCONNECTED_BY(name="Anna"), Reason("last")]
    assert put_into_words(join(several)) == "first Disconnected by Anna. last"
    assert put_into_words(join(several, in_lines=True)) == "first\nDisconnected by Anna.\nlast"
    assert (join(several[:1]), join([])) == (several[0], None)


@pytest.mark.parametrize(
    ("reason", "english", "dutch"),
    [
        (RunReason.NUMBER(value=50_000), "50,000", "50.000"),
        (RunReason.DAY(value="2026-11-01"), "1 Nov 2026", "1 nov 2026"),
        (RunReason.DAY(value="no day"), "%(value)s", "%(value)s"),
    ],
    ids=str,
)
def test_numbers_and_days_are_written_as_the_reader_does(reason: Reason, english: str, dutch: str) -> None:
    with override("en"):
        assert put_into_words(reason) == english
    with override("nl"):
        assert put_into_words(reason) == dutch


def test_the_error_of_a_field_carries_its_reason() -> None:
    reason = ConnectionReason.DISCONNECTED_BY(name="50%")
    error = invalid(reason)
    with override("nl"):
        assert error.messages == ["Ontkoppeld door 50%."]
    assert reasons_of(error) == [reason]
    assert reasons_of(ValidationError("Of somebody else.")) == [RunReason.SAID(text="Of somebody else.")]


@pytest.mark.django_db
def test_a_list_of_reasons_comes_back_as_it_was() -> None:
    notes = [ConnectionReason.RECONNECT(), Reason("x", {"a": "b"})]
    by = User.objects.create(username="anna")
    upload = Upload.objects.create(kind="companies", connection=make_connection(), by=by, filename="a", notes=notes)
    assert Upload.objects.get().notes == notes
    Upload.objects.update(notes=notes[:1])
    upload.refresh_from_db()
    assert upload.notes == notes[:1]
