"""The table of a list whose rows can be ticked."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import result_list
from django.contrib.admin.views.main import ChangeList

from offorte_portal.jobs.pages.bulk_actions import VALUE, has_value

register = template.Library()


@dataclass(frozen=True)
class Ticks:
    """That rows are ticked, whether what they are worth is added up, and the columns that a phone's cards keep."""

    has_value: bool
    card_columns: str


def write_amount(row: Any) -> str:
    """What the row is worth, as scripts read numbers; empty where that is not known or means nothing."""
    amount = getattr(row, VALUE, None)
    return "" if amount is None else f"{amount:f}"


@register.inclusion_tag("admin/change_list_results.html")
def bulk_list(cl: ChangeList) -> dict[str, Any]:
    """Django's own table, with a checkbox before each row.

    The checkbox is no column of the list: the numbers by which addresses sort would differ between those who may tick
    rows and those who may not.
    """
    context: dict[str, Any] = result_list(cl)
    for cells, row in zip(context["results"], cl.result_list, strict=True):
        cells.row, cells.amount = row, write_amount(row)
    wanted = getattr(cl.model_admin, "card_columns", ())
    numbers = [number for number, name in enumerate(cl.list_display, 2) if name in wanted]
    kept = " ".join(f"card-column-{number}" for number in numbers)
    return {**context, "ticks": Ticks(has_value(cl.model), kept)}
