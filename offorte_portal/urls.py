from django.contrib import admin
from django.urls import include, path, re_path

from offorte_portal.activity.pages.feed import activity_urls
from offorte_portal.compose.pages.approvals import approval_urls
from offorte_portal.compose.pages.drafts import compose_urls
from offorte_portal.compose.pages.sending import send_urls
from offorte_portal.connections.oauth.urls import handshake_urls
from offorte_portal.desk.pages.board import board_urls
from offorte_portal.desk.pages.home import home_urls
from offorte_portal.desk.pages.inbox import inbox_urls
from offorte_portal.desk.pages.saved_views import saved_view_urls
from offorte_portal.desk.pages.settings import desk_settings
from offorte_portal.files.pages.exports import export_urls
from offorte_portal.files.pages.imports import upload_urls
from offorte_portal.jobs.pages.views import job_urls
from offorte_portal.other_systems.pages.copying import recreate_urls
from offorte_portal.other_systems.pages.quotes import quote_urls
from offorte_portal.other_systems.pages.sources import source_urls
from offorte_portal.runs.pages.health import healthz, readyz
from offorte_portal.staff.pages.urls import account_urls
from offorte_portal.sync.pages.views import sync_urls
from offorte_portal.tracking.pages.followups import followup_urls
from offorte_portal.views.account import account
from offorte_portal.views.analytics import reports
from offorte_portal.views.palette import palette
from offorte_portal.views.printing import print_urls
from offorte_portal.views.standing import standing
from offorte_portal.webhooks.pages.receiving import receive
from offorte_portal.webhooks.pages.views import event_urls
from offorte_portal.writes.pages.views import operation_urls

handler500 = "offorte_portal.views.outages.handler500"

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    re_path(r"^webhooks/offorte/(?P<token>[^/]+)/?$", receive, name="offorte_webhook"),
    path("accounts/", include(account_urls)),
    path("offorte/", include(handshake_urls)),
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/", account, name="account"),
    path("sync/", include(sync_urls)),
    path("events/", include(event_urls)),
    path("activity/", include(activity_urls)),
    path("jobs/", include(job_urls)),
    path("writes/", include(operation_urls)),
    path("exports/", include(export_urls)),
    path("imports/", include(upload_urls)),
    path("print/", include(print_urls)),
    path("sources/", include(source_urls)),
    path("quotes/", include(quote_urls + recreate_urls)),
    path("standing/", standing, name="standing"),
    path("palette/", palette, name="palette"),
    path("board/", include(board_urls)),
    path("inbox/", include(inbox_urls)),
    path("followups/", include(followup_urls)),
    path("views/", include(saved_view_urls)),
    path("reports/", reports, name="reports"),
    path("compose/", include(compose_urls)),
    path("send/", include(send_urls)),
    path("approvals/", include(approval_urls)),
    path("desk/thresholds/", desk_settings, name="desk_settings"),
    path("", include(home_urls)),
    path("", admin.site.urls),
]
