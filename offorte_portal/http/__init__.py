"""HTTP to addresses that people enter: limited in size and time, and only where the portal may connect."""

from offorte_portal.http.addresses import Network, check_url, parse_networks
from offorte_portal.http.client import Client, Reply
from offorte_portal.http.deadline import Lines, bound
from offorte_portal.http.errors import (
    BadCertificate,
    BadUrl,
    ForbiddenAddress,
    HttpError,
    NotConfidential,
    TooLarge,
    TooSlow,
    Unreachable,
)

__all__ = [
    "BadCertificate",
    "BadUrl",
    "Client",
    "ForbiddenAddress",
    "HttpError",
    "Lines",
    "Network",
    "NotConfidential",
    "Reply",
    "TooLarge",
    "TooSlow",
    "Unreachable",
    "bound",
    "check_url",
    "parse_networks",
]
