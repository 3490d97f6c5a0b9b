from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offorte_portal.api import payloads
from offorte_portal.api.payloads import CompanyPayload, Payload, PriceRowPayload, ProposalPayload
from tests.support import warnings

EVERY = [
    each
    for each in vars(payloads).values()
    if isinstance(each, type) and issubclass(each, Payload) and each is not Payload
]
rubbish = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


def names_of(payload: type[Payload]) -> list[str]:
    """Every name that Offorte may use for a field of the payload."""
    found: list[str] = ["logs", "settings", "company", "price_total_original", "price_total_override"]
    for name, field in payload.model_fields.items():
        alias = field.validation_alias
        choices = getattr(alias, "choices", None) or [alias or name]
        found += [str(choice) for choice in choices]
    return found


@given(data=st.data())
def test_any_object_is_read_as_far_as_it_can_be(data: st.DataObject) -> None:
    payload = data.draw(st.sampled_from(EVERY))
    raw = data.draw(st.dictionaries(st.sampled_from(names_of(payload)) | st.text(), rubbish, max_size=6))

    reading = payload.read(raw)

    assert set(reading.values) <= set(payload.model_fields)
    assert all(": can’t read " in warning for warning in warnings.read(reading.warnings))


@pytest.mark.parametrize("payload", EVERY)
def test_nothing_told_is_nothing_read(payload: type[Payload]) -> None:
    assert payload.read({}).values == {}
    assert payload.read({"unknown": 1}).values == {}
    assert payload.read({"unknown": 1}).warnings == []


@pytest.mark.parametrize("payload", EVERY)
def test_null_is_told(payload: type[Payload]) -> None:
    raw = dict.fromkeys(names_of(payload))
    expected = dict.fromkeys(payload.model_fields)
    if payload is ProposalPayload:
        expected["price_total_display"] = ""

    assert payload.read(raw).values == expected


def test_only_keys_that_came_are_read() -> None:
    assert CompanyPayload.read({"id": 7, "city": None}).values == {"remote_id": 7, "city": None}


def test_a_column_name_as_key_of_offortes_is_none_of_ours() -> None:
    assert CompanyPayload.read({"remote_id": 7}).values == {}


def test_what_can_not_be_read_is_left_out_and_named() -> None:
    reading = CompanyPayload.read({"id": "seven", "name": {"nl": "Bouw"}, "city": "Breda"})

    assert reading.values == {"city": "Breda"}
    assert sorted(warnings.read(reading.warnings)) == [
        "id: can’t read 'seven' as a whole number",
        "name: can’t read an object as text",
    ]


def test_an_unreadable_new_name_leaves_the_old_one() -> None:
    reading = PriceRowPayload.read({"quantity": "some", "count": 3, "price": "free"})

    assert reading.values == {"count": 3}
    assert sorted(warnings.read(reading.warnings)) == [
        "price: can’t read 'free' as an amount",
        "quantity: can’t read 'some' as an amount",
    ]


def test_two_unreadable_names_are_both_named() -> None:
    reading = PriceRowPayload.read({"quantity": "some", "count": "few"})

    assert reading.values == {}
    assert warnings.read(reading.warnings) == [
        "quantity: can’t read 'some' as an amount",
        "count: can’t read 'few' as an amount",
    ]


def test_any_mapping_is_read_and_none_is_changed() -> None:
    raw = {"id": 7, "price_total": "€ 1,00", "price_total_original": 1, "logs": {"summary": {"views": 2}}}
    before = repr(raw)

    ProposalPayload.read(MappingProxyType(raw))
    CompanyPayload.read(MappingProxyType(raw))

    assert repr(raw) == before


def test_long_text_and_foreign_scripts_are_kept() -> None:
    name = "שלום <script>alert(1)</script> 'O\"Brien' 🏗️" * 400

    assert CompanyPayload.read({"name": name}).values == {"name": name}
