from django.urls import path

from offorte_portal.desk.pages.reports.results import reports

report_urls = [path("", reports, name="reports")]
