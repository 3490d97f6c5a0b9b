from django.urls import include, path

from offorte_portal.writes.pages.views import operation_urls

urlpatterns = [
    path("writes/", include(operation_urls)),
]
