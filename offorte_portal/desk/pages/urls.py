from django.urls import include, path

from offorte_portal.desk.pages.board import board_urls
from offorte_portal.desk.pages.first_reading import first_reading_urls
from offorte_portal.desk.pages.home import home_urls
from offorte_portal.desk.pages.inbox import inbox_urls
from offorte_portal.desk.pages.reports.urls import report_urls
from offorte_portal.desk.pages.saved_views import saved_view_urls
from offorte_portal.desk.pages.settings import desk_settings

urlpatterns = [
    path("board/", include(board_urls)),
    path("inbox/", include(inbox_urls)),
    path("views/", include(saved_view_urls)),
    path("reports/", include(report_urls)),
    path("desk/thresholds/", desk_settings, name="desk_settings"),
    path("home/", include(first_reading_urls)),
    path("", include(home_urls)),
]
