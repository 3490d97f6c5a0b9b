from django.urls import path

from contacts.pages.duplicates import duplicates

urlpatterns = [
    path("jobs/duplicates/", duplicates, name="duplicates"),
]
