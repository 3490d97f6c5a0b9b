from django.urls import path

from offorte_portal.prices.pages.groups import price_groups

urlpatterns = [
    path("prices/groups/", price_groups, name="price_groups"),
]
