from django.urls import include, path

from offorte_portal.compose.pages.approvals import approval_urls
from offorte_portal.compose.pages.drafts import compose_urls
from offorte_portal.compose.pages.sending import send_urls

urlpatterns = [
    path("compose/", include(compose_urls)),
    path("send/", include(send_urls)),
    path("approvals/", include(approval_urls)),
]
