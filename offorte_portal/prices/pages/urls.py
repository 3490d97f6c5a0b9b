from django.urls import path

from offorte_portal.prices.pages.groups import price_groups
from offorte_portal.prices.pages.report import report_products

urlpatterns = [
    path("reports/products/", report_products, name="report_products"),
    path("prices/groups/", price_groups, name="price_groups"),
]
