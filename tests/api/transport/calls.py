"""Short ways to send a request, and sessions and addresses to send it with."""

import socket

from requests_oauthlib import OAuth2Session

from offorte_portal.api.transport import Answer
from tests.api.conftest import World

NEW_COMPANY = {"name": "Nieuw"}


def get(world: World) -> Answer:
    return world.transport.request("GET", "/companies")


def post(world: World) -> Answer:
    return world.transport.request("POST", "/companies/", json=NEW_COMPANY)


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def oauth_session(*, expires_in: int) -> OAuth2Session:
    return OAuth2Session(token={"access_token": "t", "token_type": "Bearer", "expires_in": expires_in})
