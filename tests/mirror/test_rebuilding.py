"""Stored keys are rebuilt, and a rebuild that was killed goes on where it was."""

from typing import Any

import pytest
from django.db import connection as database

from contacts.models import Company
from offorte_portal.mirror import rebuilding, search
from tests.support.factories import make_company

pytestmark = pytest.mark.django_db


def test_a_rebuild_that_was_killed_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        make_company(payload={"name": f"Café {number}", "phone": "076-1234567"}, name=f"Café {number}")
    Company.objects.update(name_key="", match_key="", search_text="old")
    monkeypatch.setattr(rebuilding, "AT_ONCE", 2)
    derive, calls = rebuilding._values, []

    def die_at_the_fourth(*row: Any) -> list[Any]:
        calls.append(row)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return derive(*row)

    editor = database.schema_editor()
    monkeypatch.setattr(rebuilding, "_values", die_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        rebuilding.rebuild("companies", Company, editor)
    assert Company.objects.exclude(name_key="").count() == 2
    monkeypatch.setattr(rebuilding, "_values", derive)
    assert rebuilding.rebuild("companies", Company, editor) == 3
    assert rebuilding.rebuild("companies", Company, editor) == 0
    assert list(Company.objects.order_by("name_key").values_list("name_key", "match_key")) == [
        (f"cafe {number}", f"cafe{number}") for number in range(5)
    ]
    assert search.apply(Company.objects.all(), "+31 76 123 45 67 cafe 3").count() == 1
    assert search.apply(Company.objects.all(), "+31 76 123 45 67").count() == 5
