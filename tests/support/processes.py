"""What other processes of a test need to know: where its database is, and its simulator."""

import os

from django.db import connection as database

from offorte_portal.simulator import Simulator


def environment(simulator: Simulator | None = None, /, **more: str) -> dict[str, str]:
    """The settings of a portal on the test's own database, and on its simulator if it has one."""
    name = database.settings_dict["NAME"]
    server = os.environ.get("DATABASE_URL", "").rpartition("/")[0]
    offorte = {
        "OFFORTE_API_URL": simulator.api_url,
        "OFFORTE_OAUTH_URL": simulator.oauth_url,
        "OFFORTE_REQUESTS_PER_MINUTE": "0",
    } if simulator else {}  # fmt: skip
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "offorte_portal.settings",
        "DATABASE_URL": f"sqlite:///{name}" if database.vendor == "sqlite" else f"{server}/{name}",
        **offorte,
        **more,
    }
