"""A plain HTTP client for the simulator's API."""

from typing import Any

import requests

from offorte_portal.simulator import Simulator


class Client:
    """Requests to one account with a good token, without following redirects."""

    def __init__(self, sim: Simulator, account: str = "bouw") -> None:
        self.base = sim.api_url.format(account=account)
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {sim.account(account).issue_token()['access_token']}"

    def __call__(self, method: str, path: str, json: Any = None, **options: Any) -> requests.Response:
        if json is not None:
            options["json"] = json
        return self.session.request(method, self.base + path, timeout=10, allow_redirects=False, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self("GET", path, **options)
