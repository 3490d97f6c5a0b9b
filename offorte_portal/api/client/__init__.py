"""Offorte's API, one method per endpoint (reference, all 36, and `hello`)."""

from offorte_portal.api.client.account import AccountEndpoints
from offorte_portal.api.client.base import Created, Fetched, Written
from offorte_portal.api.client.catalog import CatalogEndpoints
from offorte_portal.api.client.contacts import ContactEndpoints
from offorte_portal.api.client.proposals import ProposalEndpoints
from offorte_portal.api.client.webhooks import WebhookEndpoints
from offorte_portal.api.lists import Json, List, Page

__all__ = ["Client", "Created", "Fetched", "Json", "List", "Page", "Written"]


class Client(AccountEndpoints, ContactEndpoints, CatalogEndpoints, ProposalEndpoints, WebhookEndpoints):
    """One Offorte account.

    Reads return JSON as Offorte sent it; lists are iterators of pages, one request each, from `start_page` on. Every
    method may raise any OfforteError. Paths end in a slash exactly where the reference prints one.
    """
