"""The table of a list with a checkbox for each row."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import result_list
from django.contrib.admin.views.main import ChangeList

from offorte_portal.jobs.pages.bulk_actions import VALUE, has_value

register = template.Library()


@dataclass(frozen=True)
class Ticks:
    """Marks a table with checkboxes: whether their value is summed, and which columns the cards on phones keep."""

    has_value: bool
    card_columns: str


@register.inclusion_tag("admin/change_list_results.html")
def bulk_list(cl: ChangeList) -> dict[str, Any]:
    """Render Django's own table, with a checkbox before each row.

    The checkbox is not a column of the list: otherwise the column numbers by which addresses sort would differ between
    people who may tick rows and people who may not.
    """
    context: dict[str, Any] = result_list(cl)
    for cells, row in zip(context["results"], cl.result_list, strict=True):
        amount = getattr(row, VALUE, None)
        # In the notation that scripts read.
        cells.row, cells.amount = row, "" if amount is None else f"{amount:f}"
    card_columns = getattr(cl.model_admin, "card_columns", ())
    numbers = [number for number, name in enumerate(cl.list_display, 2) if name in card_columns]
    kept = " ".join(f"card-column-{number}" for number in numbers)
    return {**context, "ticks": Ticks(has_value(cl.model), kept)}
