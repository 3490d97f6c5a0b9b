"""The API as one application: who may come in, and how refusals look."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.refusals import RefusedError
from offorte_portal.simulator.routes.answers import answer, check_query
from offorte_portal.simulator.routes.catalog import catalog
from offorte_portal.simulator.routes.contacts import contacts
from offorte_portal.simulator.routes.proposals import proposals
from offorte_portal.simulator.routes.settings import settings
from offorte_portal.simulator.routes.webhooks import webhooks

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ACCOUNTS = "simulator.accounts"


def create_api(accounts: Mapping[str, Account]) -> "WSGIApplication":
    """The application below `/api/v1` for these accounts."""
    app = _create_app()

    def api(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ[ACCOUNTS] = accounts
        return app(environ, start_response)

    return api


@cache
def _create_app() -> Flask:
    """All simulators share it: its many routes take longer to set up than everything else together."""
    app = Flask("offorte_api", static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    for blueprint in (contacts, catalog, proposals, settings, webhooks):
        app.register_blueprint(blueprint)

    @app.before_request
    def enter() -> None:
        g.account = _account_of_request(request.environ[ACCOUNTS])
        g.account.lock.acquire()
        g.has_lock = True
        if request.routing_exception is None and request.method not in {"GET", "HEAD"}:
            check_query()
            if request.method != "DELETE":
                _check_content_type()

    @app.teardown_request
    def leave(error: BaseException | None) -> None:
        if g.pop("has_lock", False):
            g.account.lock.release()

    @app.url_value_preprocessor
    def drop_account(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values:
            values.pop("account", None)

    app.register_error_handler(RefusedError, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    return app


def _account_of_request(accounts: Mapping[str, Account]) -> Account:
    """The account in the path, if the request carries a good token of it."""
    account = accounts.get(request.path.split("/")[1])
    if account is None:
        raise RefusedError(404, "This account doesn't exist.")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise RefusedError(401, "Your API authorisation is wrong: a bearer token is needed.")
    fault = account.tokens.state_of(token.strip())
    if fault:
        raise RefusedError(401, f"Your API authorisation is wrong. {fault}")
    return account


def _check_content_type() -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset != "utf-8":
        raise RefusedError(400, "The Content-Type must be application/json; charset=utf-8.")


def _refuse(error: RefusedError) -> Response:
    response = answer(error.as_json(), error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _refuse_http(error: HTTPException) -> Response:
    """Not found, wrong method, or an exception of the simulator itself."""
    code = error.code or 500
    response = answer(RefusedError(code, error.description or error.name).as_json(), code)
    if code == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response
