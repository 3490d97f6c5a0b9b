"""Bulk actions of a list: the checkboxes, the bar that says how many and how much, and the way to the confirm page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import Count, Max, Model, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal import jobs
from offorte_portal.adminkit.money import currency_of, format_money
from offorte_portal.adminkit.selection import Selection
from offorte_portal.jobs.action import Action
from offorte_portal.models import Mirrored

Row = TypeVar("Row", bound=Mirrored)

# The column whose sum a selection is worth, where a model has it.
VALUE = "price_total"
# So many actions are buttons; where there are more, the first of these are and the others are in a menu.
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


@dataclass(frozen=True)
class BulkBar:
    """What the bar of one list offers to one person."""

    buttons: Sequence[Action[Any]]
    menu: Sequence[Action[Any]]
    dangers: Sequence[Action[Any]]
    value_url: str
    currency: str

    @property
    def has_menu(self) -> bool:
        """Whether there is anything beside the buttons."""
        return bool(self.menu or self.dangers)


def build_bar(actions: Sequence[Action[Any]], value_url: str, currency: str) -> BulkBar:
    """Three actions at most are buttons; of more, two, and the others are in a menu with what deletes at its end."""
    if len(actions) <= MOST_BUTTONS:
        return BulkBar(actions, (), (), value_url, currency)
    dangers = [action for action in actions if is_deletion(action)]
    buttons = [action for action in actions if action.name in PROMINENT][: MOST_BUTTONS - 1]
    menu = [action for action in actions if action not in buttons and action not in dangers]
    return BulkBar(buttons, menu, dangers, value_url, currency)


def is_deletion(action: Action[Any]) -> bool:
    """Whether deleting is all that the action is for; merging and moving end in it, too."""
    return action.name.endswith(".delete")


class BulkActions(admin.ModelAdmin[Row], Generic[Row]):
    """Offers the actions of the registry that a person may use on the list's model."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list with its bar; what was chosen from the bar goes on to the confirm page."""
        if request.method == "POST" and "bulk" in request.POST:
            return self.begin(request)
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            response.context_data["bulk"] = self._bar(request, response.context_data["cl"])
        return response

    def _bar(self, request: HttpRequest, changelist: Any) -> BulkBar | None:
        actions = jobs.actions_for(self.model, cast(User, request.user))
        if not actions or not changelist.result_list:
            return None
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_value") if has_value(self.model) else ""
        displays = [getattr(row, f"{VALUE}_display", "") for row in changelist.result_list]
        return build_bar(actions, url, currency_of(max(displays)))

    def begin(self, request: HttpRequest) -> HttpResponse:
        """Take the selection to the confirm page; nothing is done before it is confirmed there."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        user = cast(User, request.user)
        actions = {action.name: action for action in jobs.actions_for(self.model, user)}
        action = actions.get(request.POST["bulk"])
        if action is None:
            raise PermissionDenied
        ticked = [int(key) for key in request.POST.getlist("_selected_action") if _is_key(key)]
        if not ticked:
            messages.warning(request, _("Select something first."))
            return redirect(request.get_full_path())
        keys = None if request.POST.get("select_across") == "1" else ticked
        token = Selection.of(request, self.model, keys).sign(user)
        return redirect(f"{reverse('job_new', args=[action.name])}?{urlencode({'s': token})}")

    def get_urls(self) -> list[URLPattern]:
        """Ours: what all rows of a list are worth together."""
        if not has_value(self.model):
            return super().get_urls()
        view = self.admin_site.admin_view(self.value_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_value"
        return [path("value/", view, name=name), *super().get_urls()]

    def value_view(self, request: HttpRequest) -> HttpResponse:
        """The worth of all that the list's address finds, as text. Reads only."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        changelist = Selection.of(request, self.model, None).open_list(request)
        found = changelist.queryset.order_by().aggregate(
            sum=Sum(VALUE), rows=Count("pk"), known=Count(VALUE), display=Max(f"{VALUE}_display")
        )
        worth = format_money(found["sum"], found["display"] or "")
        return HttpResponse(describe_value(worth, found["rows"] - found["known"]), content_type="text/plain")


def describe_value(worth: str, unknown: int) -> str:
    """The worth, and of how many rows it is not known."""
    if not unknown:
        return worth
    more = ngettext("%(count)d unknown", "%(count)d unknown", unknown) % {"count": unknown}
    return f"{worth} + {more}"


def has_value(model: type[Model]) -> bool:
    """Whether rows of the model are worth something."""
    try:
        model._meta.get_field(VALUE)
    except FieldDoesNotExist:
        return False
    return True


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
