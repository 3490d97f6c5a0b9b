"""Bulk actions of a list: the checkboxes, the bar with count and value, and the way to the confirm page."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import Count, Max, Model, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.adminkit.additions import ListPart
from offorte_portal.adminkit.bulk_bar import BulkBar
from offorte_portal.adminkit.money import format_money
from offorte_portal.adminkit.selection import Selection
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.jobs import registry
from offorte_portal.jobs.action import Action
from offorte_portal.mirror.models import Mirrored
from proposals.currencies import currency_of

# The column whose sum is a selection's value, if the model has it.
VALUE = "price_total"
# At most this many actions are buttons. If there are more, two prominent ones are, and the others are in a menu.
MOST_BUTTONS = 3
PROMINENT = frozenset(
    {
        "proposals.mark_lost",
        "proposals.mark_won",
        "companies.create_proposals",
        "companies.merge",
        "people.move",
        "products.reprice",
    }
)


def build_bar(actions: Sequence[Action[Any]], value_url: str, currency: str) -> BulkBar:
    """Return the bar: up to three actions as buttons, or else two and a menu that ends with deletions."""
    if len(actions) <= MOST_BUTTONS:
        return BulkBar(actions, value_url=value_url, currency=currency)
    dangers = [action for action in actions if is_deletion(action)]
    buttons = [action for action in actions if action.name in PROMINENT][: MOST_BUTTONS - 1]
    menu = [action for action in actions if action not in buttons and action not in dangers]
    return BulkBar(buttons, menu, dangers, value_url, currency)


def is_deletion(action: Action[Any]) -> bool:
    """Return whether the action only deletes; merging and moving, which end with a deletion, don't count."""
    return action.name.endswith(".delete")


class BulkActions(ListPart):
    """Offers the registered actions that a person may use on a list of mirrored rows."""

    def urls(self, model_admin: admin.ModelAdmin[Any]) -> list[URLPattern]:
        """Return the URL that gives the total value of a list's rows."""
        if not _has_bar(model_admin) or not has_value(model_admin.model):
            return []

        def show_value(request: HttpRequest) -> HttpResponse:
            """Return the total value of all rows that the list's address finds, as text. Reads only."""
            if not model_admin.has_view_permission(request):
                raise PermissionDenied
            changelist = Selection.of(request, model_admin.model, None).open_list(request)
            found = changelist.queryset.order_by().aggregate(
                sum=Sum(VALUE), rows=Count("pk"), known=Count(VALUE), display=Max(f"{VALUE}_display")
            )
            worth = format_money(found["sum"], found["display"] or "")
            return HttpResponse(describe_value(worth, found["rows"] - found["known"]), content_type="text/plain")

        opts = model_admin.opts
        name = f"{opts.app_label}_{opts.model_name}_value"
        return [path("value/", model_admin.admin_site.admin_view(show_value), name=name)]

    def answer(self, model_admin: admin.ModelAdmin[Any], request: HttpRequest) -> HttpResponse | None:
        """Go on to the confirm page with what was chosen in the bar."""
        return begin(model_admin, request) if "bulk" in request.POST and _has_bar(model_admin) else None

    def context(
        self, model_admin: admin.ModelAdmin[Any], request: HttpRequest, changelist: ChangeList
    ) -> dict[str, Any]:
        """Return the bar of the list; None for it if the list is empty or the person may do nothing with its rows."""
        if not _has_bar(model_admin):
            return {}
        actions, opts = registry.actions_for(model_admin.model, staff_user(request)), model_admin.opts
        if not actions or not changelist.result_list:
            return {"bulk": None}
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_value") if has_value(model_admin.model) else ""
        displays = [getattr(row, f"{VALUE}_display", "") for row in changelist.result_list]
        return {"bulk": build_bar(actions, url, currency_of(max(displays)))}


def _has_bar(model_admin: admin.ModelAdmin[Any]) -> bool:
    return issubclass(model_admin.model, Mirrored)


def begin(model_admin: admin.ModelAdmin[Any], request: HttpRequest) -> HttpResponse:
    """Take the selection to the confirm page; nothing is done before it is confirmed there."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    user = staff_user(request)
    actions = {action.name: action for action in registry.actions_for(model_admin.model, user)}
    action = actions.get(request.POST["bulk"])
    if action is None:
        raise PermissionDenied
    ticked = [
        int(key)
        for key in request.POST.getlist("_selected_action")
        if key.isascii() and key.isdecimal() and len(key) <= 18
    ]
    if not ticked:
        messages.warning(request, _("Select something first."))
        return redirect(request.get_full_path())
    keys = None if request.POST.get("select_across") == "1" else ticked
    token = Selection.of(request, model_admin.model, keys).sign(user)
    return redirect(f"{reverse('job_new', args=[action.name])}?{urlencode({'s': token})}")


def describe_value(worth: str, unknown: int) -> str:
    """Return the value, with the number of rows whose value is unknown."""
    if not unknown:
        return worth
    more = ngettext("%(count)d unknown", "%(count)d unknown", unknown) % {"count": unknown}
    return f"{worth} + {more}"


def has_value(model: type[Model]) -> bool:
    """Return whether rows of the model have a value."""
    try:
        model._meta.get_field(VALUE)
    except FieldDoesNotExist:
        return False
    return True
