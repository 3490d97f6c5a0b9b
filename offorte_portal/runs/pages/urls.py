from django.urls import path

from offorte_portal.runs.pages.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
]
