from django.urls import include, path

from offorte_portal.tracking.pages.followups import followup_urls
from offorte_portal.tracking.pages.losses import loss_urls

urlpatterns = [
    path("followups/", include(followup_urls)),
    path("lost/", include(loss_urls)),
]
