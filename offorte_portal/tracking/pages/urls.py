from django.urls import include, path

from offorte_portal.tracking.pages.followups import followup_urls

urlpatterns = [
    path("followups/", include(followup_urls)),
]
