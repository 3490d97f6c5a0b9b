"""The page on which managers edit the list of lost reasons."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.tracking import reasons
from offorte_portal.tracking.models import LostReason

ADD, CHANGE = "tracking.add_lostreason", "tracking.change_lostreason"
NAME_LENGTH = 80


class ReasonForm(forms.Form):
    """The name of a reason, which no other may have."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput({"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, *args: Any, reason: LostReason | None = None, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self.reason = reason

    def clean_name(self) -> str:
        """Return the name. Raises ValidationError if another reason has it; a new one may be in the archive."""
        name = " ".join(self.cleaned_data["name"].split())
        same = reasons.find(name, but=self.reason)
        if same and (self.reason or same.is_active):
            raise forms.ValidationError(_("“%s” is already in the list.") % same)
        return name


@staff_view(CHANGE, methods=["GET", "HEAD", "POST"])
def show_reasons(request: StaffRequest) -> HttpResponse:
    """Show the list, or add a reason."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if not request.user.has_perm(ADD):
            raise PermissionDenied
        if form.is_valid():
            messages.success(request, _("“%s” was added.") % reasons.add(form.cleaned_data["name"]))
            return redirect("lost_reasons")
    return show(request, form)


def show(request: StaffRequest, form: ReasonForm, renaming: ReasonForm | None = None) -> HttpResponse:
    rows = list(reasons.listed())
    context = {
        **admin.site.each_context(request),
        "title": _("Lost reasons"),
        "form": form,
        "renaming": renaming,
        "reasons": [row for row in rows if row.is_active],
        "archived": [row for row in rows if not row.is_active],
        "may_add": request.user.has_perm(ADD),
        "length": NAME_LENGTH,
    }
    return render(request, "tracking/lost_reasons.html", context)


@staff_view(CHANGE, methods=["POST"])
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Rename a reason, move, archive, restore or merge it: whichever button was pressed."""
    reason = get_object_or_404(LostReason, pk=pk, merged_into=None)
    pressed = request.POST.get("do", "")
    if pressed == "rename":
        form = ReasonForm(request.POST, reason=reason)
        if not form.is_valid():
            return show(request, ReasonForm(), form)
        reasons.rename(reason, form.cleaned_data["name"])
    elif pressed == "merge":
        merge(request, reason)
    elif step := STEPS.get(pressed):
        step(reason)
    return redirect("lost_reasons")


STEPS: dict[str, Callable[[LostReason], None]] = {
    "up": lambda reason: reasons.move(reason, -1),
    "down": lambda reason: reasons.move(reason, 1),
    "archive": reasons.archive,
    "restore": reasons.restore,
}


def merge(request: StaffRequest, reason: LostReason) -> None:
    """Merge it into the reason that was chosen, and tell how many proposals that concerns."""
    given = request.POST.get("into", "")
    key = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0
    into = LostReason.objects.filter(pk=key, is_active=True).exclude(pk=reason.pk).first()
    if into is None:
        messages.error(request, _("Choose the reason to merge “%s” into.") % reason)
        return
    count = reasons.merge(reason, into)
    text = ngettext(
        "“%(name)s” was merged into “%(into)s”: %(count)d loss has that reason now.",
        "“%(name)s” was merged into “%(into)s”: %(count)d losses have that reason now.",
        count,
    )
    messages.success(request, text % {"name": reason, "into": into, "count": count})


reason_urls = [
    path("", show_reasons, name="lost_reasons"),
    path("<int:pk>/", change, name="lost_reason_change"),
]
