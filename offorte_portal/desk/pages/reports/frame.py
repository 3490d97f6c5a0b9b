"""What every report has around its figures: the tabs of all reports, the period, whose it is, and files."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal import ports
from offorte_portal.adminkit.reports import write_period
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.desk.pages.reports.asked import MOST_MONTHS, Asked
from offorte_portal.desk.reports.forecasts import ADJUST, SUBMIT
from offorte_portal.prices import memory
from offorte_portal.text.months import write_month

VIEW = ("proposals.view_proposal",)
# The reports by URL name, with the permissions of which one is enough. One whose room is left out has no tab.
REPORTS = (
    ("reports", gettext_lazy("Results"), VIEW),
    ("report_cohorts", gettext_lazy("Sent to signed"), VIEW),
    ("report_lost", gettext_lazy("Why we lose"), VIEW),
    ("report_products", gettext_lazy("Products that win"), (memory.VIEW,)),
    ("report_forecast", gettext_lazy("Forecast"), (SUBMIT, ADJUST)),
)
TITLES = {name: label for name, label, _permissions in REPORTS}


def list_tabs(user: User, current: str, keep: str = "") -> list[tuple[str, str, bool]]:
    """Return the label and the address of each report, and whether it is the current one, for what a person may see.

    `keep` is the query string that all of them get.
    """
    tabs = []
    for name, label, permissions in REPORTS:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if any(user.has_perm(permission) for permission in permissions):
            tabs.append((str(label), address + keep, name == current))
    return tabs


def frame(request: StaffRequest, asked: Asked, current: str) -> dict[str, Any]:
    """Return the context that the template `desk/reports/period.html` needs."""
    compared = asked.compared
    return {
        **admin.site.each_context(request),
        "printed_for": _("My proposals") if asked.scope.is_mine else _("The team’s proposals"),
        "printed_at": ports.now(),
        "title": TITLES[current],
        "scope": asked.scope,
        "asked": asked,
        "keep": "&" + asked.url(who="").removeprefix("?"),
        "tabs": list_tabs(request.user, current, asked.url(by="", **dict.fromkeys(asked.own, ""))),
        "periods": asked.choices(),
        "comparisons": asked.comparisons(),
        "period": write_period(asked.period),
        "compared": write_period(compared) if compared else "",
        "first": write_month(asked.period.first),
        "last": write_month(asked.period.last),
        "most_months": MOST_MONTHS,
        # The parameters of the form's address that are no fields of it.
        "hidden": [(name, value) for name, value in _hidden(asked).items() if value],
    }


def _hidden(asked: Asked) -> dict[str, str]:
    kept = {name: value for name, value in asked.kept.items() if name != "versus"}
    return {"by": asked.by, "who": asked.who, **kept, **asked.own}
