import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from offorte_portal.api import errors
from offorte_portal.api.errors import OfforteError

EVERY = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, OfforteError)]


@pytest.mark.parametrize("kind", EVERY)
def test_every_error_says_something_to_people(kind: type[OfforteError]) -> None:
    error = kind()

    assert str(error) == error.message
    assert error.message.endswith(".")
    assert error.requested_at is None


def test_a_message_of_ones_own_replaces_the_default() -> None:
    assert errors.Hidden("Not for you.").message == "Not for you."


def test_only_passing_failures_may_be_retried() -> None:
    retryable = {kind for kind in EVERY if kind.can_retry}

    assert retryable == {errors.RateLimited, errors.Unavailable, errors.TimedOut}


def test_gone_is_a_kind_of_not_found() -> None:
    assert issubclass(errors.Gone, errors.NotFound)


@pytest.mark.parametrize("duplicate", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_errors_survive_copying_with_all_they_know(duplicate: Callable[[Any], Any]) -> None:
    rejected = duplicate(errors.Rejected("No.", field_errors={"name": ["is empty"]}, detail="why"))
    limited = duplicate(errors.RateLimited(retry_after=3))
    unavailable = duplicate(errors.Unavailable(status=503, is_undone=True))

    assert (rejected.message, rejected.field_errors, rejected.detail) == ("No.", {"name": ["is empty"]}, "why")
    assert limited.retry_after == 3
    assert (unavailable.status, unavailable.is_undone) == (503, True)
