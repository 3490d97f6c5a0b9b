from django.urls import path

from contacts.pages.duplicates import dismiss, duplicates, restore

urlpatterns = [
    path("jobs/duplicates/", duplicates, name="duplicates"),
    path("jobs/duplicates/dismiss/", dismiss, name="duplicates_dismiss"),
    path("jobs/duplicates/restore/", restore, name="duplicates_restore"),
]
