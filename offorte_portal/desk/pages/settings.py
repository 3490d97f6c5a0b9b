"""The page on which an administrator sets the thresholds."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk import thresholds
from offorte_portal.desk.models import DeskSettings, ProposalStats

GROUPS = (
    (
        gettext_lazy("How hot a proposal is"),
        gettext_lazy(
            "Views by one person within half an hour count as one visit. An open proposal gets points for each "
            "visit, more for recent ones, and for each additional person who viewed it in the last 30 days."
        ),
        ("points_day", "points_week", "points_month", "points_viewer", "hot_from"),
    ),
    (gettext_lazy("What needs attention"), "", ("seen_days", "unseen_days", "silent_days", "stale_days")),
    (
        gettext_lazy("Automatic follow-ups"),
        gettext_lazy(
            "Created for the owner of an open proposal, once each time. Leave a field empty to switch that rule off."
        ),
        ("rule_unseen_days", "rule_silent_days"),
    ),
    (
        gettext_lazy("Forecast"),
        gettext_lazy("How likely a proposal is to be won at each stage."),
        ("chance_edit", "chance_unseen", "chance_seen", "chance_hot", "forecast_day"),
    ),
)


class DeskSettingsForm(forms.ModelForm[DeskSettings]):
    class Meta:
        model = DeskSettings
        fields = tuple(name for _title, _text, names in GROUPS for name in names)


@staff_view("desk.change_desksettings", methods=["GET", "HEAD", "POST"])
def desk_settings(request: StaffRequest) -> HttpResponse:
    """Show the thresholds, or set them for everybody."""
    form = DeskSettingsForm(request.POST or None, instance=DeskSettings.objects.first())
    if request.method == "POST" and form.is_valid():
        form.instance.pk = 1
        form.save()
        thresholds.forget()
        # Makes the next sweep compute points again.
        ProposalStats.objects.filter(heat__gt=0).update(computed_at="2000-01-01T00:00:00+00:00")
        messages.success(request, _("Thresholds saved. Points are recalculated within minutes."))
        return redirect("desk_settings")
    groups = [(title, text, [form[name] for name in names]) for title, text, names in GROUPS]
    context = {**admin.site.each_context(request), "title": _("Thresholds"), "form": form, "groups": groups}
    return render(request, "desk/settings.html", context)
