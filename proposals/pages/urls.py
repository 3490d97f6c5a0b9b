from django.urls import path

from proposals.pages.printing import print_proposal

urlpatterns = [
    path("print/proposals/<int:pk>/", print_proposal, name="proposal_print"),
]
