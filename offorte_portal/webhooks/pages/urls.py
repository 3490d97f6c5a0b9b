from django.urls import include, path, re_path

from offorte_portal.webhooks.pages.receiving import receive
from offorte_portal.webhooks.pages.views import event_urls

urlpatterns = [
    re_path(r"^webhooks/offorte/(?P<token>[^/]+)/?$", receive, name="offorte_webhook"),
    path("events/", include(event_urls)),
]
