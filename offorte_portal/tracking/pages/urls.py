from django.urls import include, path

from offorte_portal.tracking.pages.followups import followup_urls
from offorte_portal.tracking.pages.losses import loss_urls
from offorte_portal.tracking.pages.lost_reasons import reason_urls
from offorte_portal.tracking.pages.notes import note_urls

urlpatterns = [
    path("followups/", include(followup_urls)),
    path("lost/", include(loss_urls)),
    path("lost-reasons/", include(reason_urls)),
    path("notes/", include(note_urls)),
]
