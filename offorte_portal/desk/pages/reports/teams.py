"""Teams of sellers: managers name them and choose who is in them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk.models import Team, TeamMember
from offorte_portal.desk.pages.reports.frame import list_tabs
from offorte_portal.desk.reports import teams

CHANGE = "desk.change_team"


class TeamForm(forms.ModelForm[Team]):
    """A team's name and its sellers; a seller who is in another team leaves that one."""

    sellers = forms.MultipleChoiceField(
        label=gettext_lazy("Sellers"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Team
        fields = ("name",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = TeamMember.objects.values_list("seller", "team", "team__name")
        team_of = {seller: (pk, name) for seller, pk, name in known}
        choices = []
        for seller in teams.list_sellers():
            pk, name = team_of.get(seller.address, (None, ""))
            elsewhere = name if pk != self.instance.pk else ""
            label = _("%(seller)s (now in %(team)s)") % {"seller": seller.name, "team": elsewhere}
            choices.append((seller.address, label if elsewhere else seller.name))
        sellers: Any = self.fields["sellers"]
        sellers.choices = choices
        if self.instance.pk:
            self.initial["sellers"] = [seller for seller, (pk, _name) in team_of.items() if pk == self.instance.pk]


@staff_view(CHANGE)
def report_teams(request: StaffRequest) -> HttpResponse:
    """Show all teams with their sellers."""
    names = {seller.address: seller.name for seller in teams.list_sellers()}
    found = [
        (team, [names.get(member.seller, member.seller) for member in team.members.all()])
        for team in Team.objects.prefetch_related("members")
    ]
    return render(request, "desk/reports/teams.html", _frame(request) | {"teams": found})


@staff_view(CHANGE, methods=["GET", "POST"])
def edit_team(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Add a team or change one."""
    team = Team() if pk is None else get_object_or_404(Team, pk=pk)
    form = TeamForm(request.POST if request.method == "POST" else None, instance=team)
    if form.is_valid():
        teams.set_team(form.instance, form.cleaned_data["sellers"])
        messages.success(request, _("Team saved."))
        return redirect("report_teams")
    return render(request, "desk/reports/team.html", _frame(request) | {"form": form, "team": team})


@staff_view(CHANGE, methods=["POST"])
def delete_team(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete a team; its sellers are then in none."""
    get_object_or_404(Team, pk=pk).delete()
    messages.success(request, _("Team deleted. Its sellers are in no team now."))
    return redirect("report_teams")


def _frame(request: StaffRequest) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "title": _("Teams"),
        "tabs": list_tabs(request.user, ""),
    }
