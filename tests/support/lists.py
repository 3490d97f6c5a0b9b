"""Opening lists of the admin in tests."""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import caches
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tests.support.factories import make_staff


class ListPage:
    """A list's answer, as its template and people see it."""

    def __init__(self, response: Any) -> None:
        assert response.status_code == 200, response.status_code
        self.context: dict[str, Any] = response.context_data
        self.html: str = response.content.decode()

    @property
    def rows(self) -> list[Any]:
        """The rows of the page, in order."""
        return list(self.context["cl"].result_list)

    @property
    def names(self) -> list[str]:
        """What the rows are called."""
        return [str(row) for row in self.rows]

    @property
    def chips(self) -> dict[str, str]:
        """The filters at work."""
        return {chip.title: chip.value for chip in self.context["chips"]}

    @property
    def errors(self) -> list[str]:
        """What the filters could not read."""
        return [control.error for control in self.context["filter_menu"] if control.error]

    def control(self, name: str) -> Any:
        """A filter's control."""
        return next(control for control in self.context["filter_menu"] if control.name == name)

    def cell(self, column: str) -> str:
        """The text of a column in the first row."""
        found = re.search(rf'<t[dh] class="field-{column}[^"]*"[^>]*>(.*?)</t[dh]>', self.html, re.DOTALL)
        assert found, f"no column {column}"
        return found.group(1)


def open_list(model: type[Model], query: str = "", user: User | None = None, client: Client | None = None) -> ListPage:
    """The list of a model, by someone who may do everything unless another is named."""
    caches["local"].clear()  # counts and menus of the tests before
    if client is None:
        client = Client()
        client.force_login(user or make_staff())
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return ListPage(client.get(url + query))


def names(rows: Iterable[Any]) -> set[str]:
    """What the rows are called, in no order."""
    return {str(row) for row in rows}
