"""Additions to the pages of products and proposals: remembered prices, and a filter by product."""

from offorte_portal.adminkit.additions import Additions, register
from offorte_portal.prices.pages import product_list, product_panel
from offorte_portal.prices.pages.proposal_filters import ProductFilter

register(
    "catalog.product",
    Additions(
        columns=product_list.COLUMNS,
        filters=product_list.FILTERS,
        filters_after="price",
        record_panel=product_panel.show_panel,
    ),
)
register("proposals.proposal", Additions(filters=(ProductFilter,), filters_after="company"))
