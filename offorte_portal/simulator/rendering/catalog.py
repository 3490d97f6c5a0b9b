"""Directories, products and the settings' lists as the API shows them."""

from offorte_portal.simulator.records import Record
from offorte_portal.simulator.rendering.numbers import to_number
from offorte_portal.simulator.state import AccountState


class CatalogRendering(AccountState):
    """Directories and products."""

    def render_directory(self, id: int) -> Record:
        """A directory: id and name."""
        return {"id": id, "name": self.directories[id]["name"]}

    def render_product_item(self, id: int) -> Record:
        """A product as in the list: id and name only, unless the switch `product_list` says full."""
        if self.switches.product_list == "full":
            return self.render_product(id)
        return {"id": id, "name": self.products[id]["name"]}

    def render_product(self, id: int) -> Record:
        """A product with everything, as webhooks carry it."""
        product = self.products[id]
        return {**product, "price": to_number(product["price"])}
