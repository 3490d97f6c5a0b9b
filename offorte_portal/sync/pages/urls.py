from django.urls import include, path

from offorte_portal.sync.pages.views import sync_urls

urlpatterns = [
    path("sync/", include(sync_urls)),
]
