"""The page on which administrators join accounts whose remembered prices may be used for each other."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.connections.models import Connection
from offorte_portal.prices.models import PriceGroup

VIEW, CHANGE = "prices.view_pricegroup", "prices.change_pricegroup"


class GroupForm(forms.ModelForm[PriceGroup]):
    """A name, and two accounts or more that are in no other group."""

    class Meta:
        model = PriceGroup
        fields = ("name", "connections")
        widgets = {"connections": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        self.fields["connections"].queryset = Connection.objects.order_by("account")  # type: ignore[attr-defined]
        self.fields["connections"].label = _("Accounts")

    def clean_connections(self) -> Any:
        chosen = self.cleaned_data["connections"]
        if len(chosen) < 2:
            raise ValidationError(_("Choose two accounts or more."))
        taken = chosen.filter(price_groups__isnull=False).exclude(price_groups=self.instance.pk).first()
        if taken:
            raise ValidationError(_("%(account)s already shares prices in another group.") % {"account": taken})
        return chosen


@staff_view(VIEW, methods=["GET", "HEAD", "POST"])
def price_groups(request: StaffRequest) -> HttpResponse:
    """Show the groups; save the one that was posted, or delete it with `delete`."""
    may_change = request.user.has_perm(CHANGE)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    key = request.POST.get("group", "")
    posted = None
    if key:
        number = int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0
        posted = get_object_or_404(PriceGroup, pk=number)
    if posted and "delete" in request.POST:
        posted.delete()
        messages.success(request, _("These accounts no longer share prices."))
        return redirect("price_groups")
    bound = GroupForm(request.POST, instance=posted, prefix=key) if request.method == "POST" else None
    if bound and bound.is_valid():
        with transaction.atomic():
            bound.save()
        messages.success(request, _("Saved. These accounts now share remembered prices."))
        return redirect("price_groups")
    groups = list(PriceGroup.objects.prefetch_related("connections"))
    is_new = bound is not None and posted is None
    context = {
        **admin.site.each_context(request),
        "title": _("Shared prices"),
        "may_change": may_change,
        "groups": [(group, _form(group, posted, bound) if may_change else None) for group in groups],
        "new": bound if is_new else GroupForm(),
        "can_join": Connection.objects.count() > 1,
    }
    return render(request, "prices/groups.html", context)


def _form(group: PriceGroup, posted: PriceGroup | None, bound: GroupForm | None) -> GroupForm:
    return bound if bound and posted == group else GroupForm(instance=group, prefix=str(group.pk))
