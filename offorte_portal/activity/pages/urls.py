from django.urls import include, path

from offorte_portal.activity.pages.feed import activity_urls

urlpatterns = [
    path("activity/", include(activity_urls)),
]
