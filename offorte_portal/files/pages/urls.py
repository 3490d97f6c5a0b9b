from django.urls import include, path

from offorte_portal.files.pages.exports import export_urls
from offorte_portal.files.pages.imports import upload_urls

urlpatterns = [
    path("exports/", include(export_urls)),
    path("imports/", include(upload_urls)),
]
