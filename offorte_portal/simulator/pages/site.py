"""All applications of the simulator under one address."""

from typing import TYPE_CHECKING

from flask import Flask, Response, render_template
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from offorte_portal.simulator.pages.control import create_control
from offorte_portal.simulator.pages.index import create_index
from offorte_portal.simulator.pages.oauth import create_oauth
from offorte_portal.simulator.pages.viewer import create_viewer
from offorte_portal.simulator.routes.api import create_api

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from offorte_portal.simulator.simulator import Simulator

# No form-action: consent ends with a redirect to the application, which browsers would block.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"


def create_site(simulator: "Simulator") -> "WSGIApplication":
    """The API below `/api/v1`, pages for people, and the control endpoints."""
    site = Flask("offorte_portal.simulator", static_url_path="/static")
    site.url_map.strict_slashes = False
    site.register_blueprint(create_index(simulator.accounts))
    site.register_blueprint(create_oauth(simulator.accounts))
    site.register_blueprint(create_viewer(simulator.accounts))
    site.register_blueprint(create_control(simulator))
    site.register_error_handler(404, lambda error: (render_template("missing.html"), 404))
    site.after_request(_add_policy)
    return DispatcherMiddleware(site, {"/api/v1": create_api(simulator.accounts)})


def _add_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
