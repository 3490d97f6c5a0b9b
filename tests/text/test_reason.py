import copy
import pickle
from typing import Any

import pytest

from offorte_portal.text.reason import Reason

NESTED = Reason("sync.failed", {"error": Reason("api.detail", {"detail": "No."}), "count": 3})


@pytest.mark.parametrize("reason", [Reason("code"), Reason("code", {"name": "Anna"}), NESTED], ids=str)
def test_a_reason_survives_being_stored_and_copied(reason: Reason) -> None:
    assert Reason.from_json(reason.to_json()) == reason
    assert copy.deepcopy(reason) == pickle.loads(pickle.dumps(reason)) == reason
    assert len({reason, copy.deepcopy(reason)}) == 1


@pytest.mark.parametrize("data", [None, "", "code", 1, [], {}, {"code": ""}, {"code": 1}, {"values": {}}])
def test_what_has_no_code_is_no_reason(data: Any) -> None:
    assert Reason.from_json(data) is None


def test_values_of_other_types_are_left_out() -> None:
    stored = {"code": "x", "values": {"name": "Anna", "list": [], "none": None, "odd": {"a": 1}}}
    assert Reason.from_json(stored) == Reason("x", {"name": "Anna"})
    assert Reason.from_json({"code": "x", "values": "y"}) == Reason("x")


def test_as_text_it_is_code_and_values() -> None:
    assert str(Reason("a.b")) == "a.b"
    assert str(NESTED) == "sync.failed (error=api.detail (detail=No.), count=3)"
