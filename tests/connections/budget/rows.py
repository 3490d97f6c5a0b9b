"""What the database holds of the budget."""

from offorte_portal.connections.models import RequestBudget


def row() -> RequestBudget:
    return RequestBudget.objects.get()
