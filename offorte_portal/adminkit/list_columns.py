"""The columns that a person chooses for a list, and their order.

The address says them (`?columns=city_text,email_text`), so that they can be shared and saved with a view. Where it says
nothing, the list has those that the person chose last, or else the usual ones. The first column is always there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst

from offorte_portal.adminkit import additions
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.staff import preferences

if TYPE_CHECKING:
    from offorte_portal.adminkit.admin import MirrorAdmin

PARAMETER = "columns"
# What the menu's form sends besides: "apply" or "reset".
CHOOSE = "choose_columns"


@dataclass(frozen=True)
class ColumnChoice:
    """A column in the menu."""

    name: str
    title: str
    is_shown: bool


@dataclass(frozen=True)
class ColumnsMenu:
    """The columns of a list that can be chosen, the shown ones first, in their order."""

    choices: list[ColumnChoice]
    # Whether the list shows more than it usually does, so that it may not fit into the window.
    is_wide: bool
    is_usual: bool


def shown(model_admin: "MirrorAdmin[Any]", request: HttpRequest) -> list[str]:
    """Return the names of the columns that the list shows."""
    usual = _usual(model_admin, request)
    if PARAMETER in request.GET:
        return _fit(model_admin, request, _split(request.GET.getlist(PARAMETER))) or usual
    chosen = preferences.read_columns(request.user).get(model_admin.opts.label_lower, ())
    return _fit(model_admin, request, chosen) or usual


def _known(model_admin: "MirrorAdmin[Any]", request: HttpRequest) -> list[str]:
    hidden = additions.hidden_columns(staff_user(request), model_admin.model)
    return [name for name in model_admin.known_columns() if name not in hidden]


def _usual(model_admin: "MirrorAdmin[Any]", request: HttpRequest) -> list[str]:
    shown = set(map(str, model_admin.list_display))
    return [name for name in _known(model_admin, request) if name in shown]


def _split(values: Iterable[str]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",")]


def _fit(model_admin: "MirrorAdmin[Any]", request: HttpRequest, names: Iterable[str]) -> list[str]:
    """Return the first column and those of these that exist; [] if none of them does."""
    first, *others = _known(model_admin, request)
    chosen = [name for name in dict.fromkeys(names) if name in others]
    return [first, *chosen] if chosen else []


def choose(model_admin: "MirrorAdmin[Any]", request: HttpRequest) -> HttpResponse:
    """Remember the columns that were posted, and show the list with them. Raises PermissionDenied."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    is_reset = request.POST[CHOOSE] == "reset"
    chosen = [] if is_reset else _fit(model_admin, request, request.POST.getlist(PARAMETER))[1:]
    if chosen == _usual(model_admin, request)[1:]:
        chosen = []
    preferences.keep_columns(staff_user(request), model_admin.opts.label_lower, chosen)
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    if chosen:
        query[PARAMETER] = ",".join(chosen)
    return redirect(f"{request.path}?{query.urlencode(safe=',')}" if query else request.path)


def build_menu(model_admin: "MirrorAdmin[Any]", request: HttpRequest) -> ColumnsMenu | None:
    """Return the menu; None where there is nothing to choose."""
    _first, *known = _known(model_admin, request)
    if len(known) < 2:
        return None
    now = shown(model_admin, request)
    ordered = [*now[1:], *(name for name in known if name not in now)]
    choices = [
        ColumnChoice(name, capfirst(str(label_for_field(name, model_admin.model, model_admin))), name in now)
        for name in ordered
    ]
    usual = _usual(model_admin, request)
    return ColumnsMenu(choices, is_wide=not set(now) <= set(usual), is_usual=now == usual)
