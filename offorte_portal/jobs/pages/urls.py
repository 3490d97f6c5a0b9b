from django.urls import include, path

from offorte_portal.jobs.pages.views import job_urls

urlpatterns = [
    path("jobs/", include(job_urls)),
]
