from django.urls import include, path

from proposals.pages.printing import print_urls

urlpatterns = [
    path("print/", include(print_urls)),
]
