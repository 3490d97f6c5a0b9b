"""Relative times, by the portal's clock."""

from datetime import timedelta

import pytest

from offorte_portal import ports
from offorte_portal.adminkit.moments import naturaltime
from offorte_portal.adminkit.templatetags.portal import ago


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "just now"), (1, "just now"), (55, "just now"), (61, "a minute ago"), (-130, "2 minutes from now")],
)
def test_the_past_minute_is_just_now(seconds: int, words: str) -> None:
    moment = ports.now() - timedelta(seconds=seconds)
    assert naturaltime(moment).replace("\xa0", " ") == words
    assert f">{words}<" in ago(moment).replace("\xa0", " ")
