from django.urls import path

from offorte_portal.desk.pages.reports.cohorts import report_cohorts
from offorte_portal.desk.pages.reports.forecast import forecast_line, report_forecast, submit_forecast
from offorte_portal.desk.pages.reports.lost import report_lost
from offorte_portal.desk.pages.reports.products import report_products
from offorte_portal.desk.pages.reports.results import reports
from offorte_portal.desk.pages.reports.teams import delete_team, edit_team, report_teams

report_urls = [
    path("", reports, name="reports"),
    path("cohorts/", report_cohorts, name="report_cohorts"),
    path("lost/", report_lost, name="report_lost"),
    path("products/", report_products, name="report_products"),
    path("forecast/", report_forecast, name="report_forecast"),
    path("forecast/submit/", submit_forecast, name="forecast_submit"),
    path("forecast/<int:pk>/", forecast_line, name="forecast_line"),
    path("teams/", report_teams, name="report_teams"),
    path("teams/new/", edit_team, name="team_new"),
    path("teams/<int:pk>/", edit_team, name="team_edit"),
    path("teams/<int:pk>/delete/", delete_team, name="team_delete"),
]
