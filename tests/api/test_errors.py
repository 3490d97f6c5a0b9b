import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from offorte_portal.api import errors
from offorte_portal.api.codes import Code
from offorte_portal.api.errors import OfforteError
from offorte_portal.text.reason import Reason

EVERY = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, OfforteError)]


@pytest.mark.parametrize("kind", EVERY)
def test_every_error_has_a_code_of_its_own(kind: type[OfforteError]) -> None:
    error = kind()

    assert str(error) == error.code == error.reason.code
    assert error.code in set(Code)
    assert [other for other in EVERY if other.code == kind.code] == [kind]
    assert error.requested_at is None


def test_a_reason_of_ones_own_replaces_the_default() -> None:
    reason = Reason("not_for_you", {"name": "anna"})

    assert errors.Hidden(reason).reason == reason
    assert str(errors.Hidden(reason)) == "not_for_you (name=anna)"
    assert errors.Hidden("not_for_you").reason == Reason("not_for_you")


def test_the_explanation_is_what_offorte_says_where_it_says_something() -> None:
    assert errors.Rejected().explanation == Reason(Code.REJECTED)
    assert errors.Rejected(detail="No.").explanation == Reason(Code.REJECTED_BECAUSE, {"detail": "No."})


def test_only_passing_failures_may_be_retried() -> None:
    retryable = {kind for kind in EVERY if kind.can_retry}

    assert retryable == {errors.RateLimited, errors.Unavailable, errors.TimedOut}


def test_gone_is_a_kind_of_not_found() -> None:
    assert issubclass(errors.Gone, errors.NotFound)


@pytest.mark.parametrize("duplicate", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_errors_survive_copying_with_all_they_know(duplicate: Callable[[Any], Any]) -> None:
    rejected = duplicate(errors.Rejected("no", field_errors={"name": ["is empty"]}, detail="why"))
    limited = duplicate(errors.RateLimited(retry_after=3))
    unavailable = duplicate(errors.Unavailable(status=503, is_undone=True))

    assert (rejected.reason, rejected.field_errors, rejected.detail) == (Reason("no"), {"name": ["is empty"]}, "why")
    assert limited.retry_after == 3
    assert (unavailable.status, unavailable.is_undone) == (503, True)
