"""Authorization in the browser (sign in, then allow or deny) and the two token endpoints."""

import secrets
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.records import Record
from offorte_portal.simulator.tokens import GrantRefusedError

COOKIE = "offorte_simulator"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class OAuthError(Exception):
    """A standard error answer of a token endpoint."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.status = status


def create_oauth(accounts: Mapping[str, Account]) -> Blueprint:
    """The pages below `/ACCOUNT/oauth2`."""
    pages = Blueprint("oauth", __name__)
    signed_in: dict[str, tuple[str, Record]] = {}

    @pages.route("/<account>/oauth2/authorize", methods=["GET", "POST"])
    def authorize(account: str) -> BaseResponse:
        if account not in accounts:
            return _page("missing.html", 404)
        return _authorize(accounts[account], signed_in)

    @pages.post("/<account>/oauth2/token")
    def token(account: str) -> Response:
        return jsonify(_exchange(_account(accounts, account)))

    @pages.post("/<account>/oauth2/refresh-token")
    def refresh_token(account: str) -> Response:
        return jsonify(_refresh(_account(accounts, account)))

    @pages.errorhandler(OAuthError)
    def refuse(error: OAuthError) -> Response:
        response = jsonify({"error": error.code, "error_description": str(error)})
        response.status_code = error.status
        return response

    @pages.after_request
    def keep_private(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Pragma"] = "no-cache"
        return response

    return pages


def _authorize(account: Account, signed_in: dict[str, tuple[str, Record]]) -> BaseResponse:
    """The way through the pages: checks, sign in, consent, back to the application."""
    fault = _what_is_wrong(account)
    if fault:
        # The application can't be trusted with an answer, so the person gets it.
        return _page("refused.html", 400, account=account, fault=fault)
    error = _request_error()
    if error:
        return _send_back(account, {"error": error})
    session = request.cookies.get(COOKIE, "")
    name, user = signed_in.get(session, ("", {}))
    action = request.form.get("action", "")
    if action == "login":
        return _sign_in(account, signed_in)
    if name != account.name:
        return _page("login.html", account=account, email="", fault="")
    if action in {"approve", "deny"} and secrets.compare_digest(request.form.get("session", ""), session):
        return _send_back(account, _decision(account, action))
    return _page("consent.html", account=account, user=user, session=session)


def _what_is_wrong(account: Account) -> str:
    if request.args.get("client_id") != account.client_id:
        return "The client_id is unknown."
    uri = request.args.get("redirect_uri", "")
    if account.redirect_uris:
        return "" if uri in account.redirect_uris else "The redirect_uri is not registered for this application."
    parts = urlsplit(uri)
    is_loopback = parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK
    return "" if is_loopback else "The redirect_uri is not registered and doesn't lead to this computer."


def _request_error() -> str:
    if request.args.get("response_type") != "code":
        return "unsupported_response_type"
    method = request.args.get("code_challenge_method", "plain")
    return "" if method in {"plain", "S256"} else "invalid_request"


def _sign_in(account: Account, signed_in: dict[str, tuple[str, Record]]) -> BaseResponse:
    email = request.form.get("email", "").strip().lower()
    user = next((user for user in account.users.values() if user["email"].lower() == email), None)
    if user is None or request.form.get("password") != account.password:
        fault = "The e-mail address or password is incorrect."
        return _page("login.html", 400, account=account, email=email, fault=fault)
    session = secrets.token_urlsafe(24)
    signed_in[session] = (account.name, user)
    response = redirect(request.full_path, 303)
    response.set_cookie(COOKIE, session, path=f"/{account.name}/oauth2", httponly=True, samesite="Lax")
    return response


def _decision(account: Account, action: str) -> dict[str, str]:
    if action == "deny":
        return {"error": "access_denied", "error_description": "The user denied the request."}
    challenge = request.args.get("code_challenge", "")
    method = request.args.get("code_challenge_method", "plain")
    uri = request.args["redirect_uri"]
    return {"code": account.tokens.issue_code(uri, challenge=challenge, method=method)}


def _send_back(account: Account, answer: dict[str, str]) -> BaseResponse:
    parts = urlsplit(request.args["redirect_uri"])
    if "state" in request.args and account.switches.echoes_state:
        answer = answer | {"state": request.args["state"]}
    query = "&".join(part for part in (parts.query, urlencode(answer)) if part)
    return redirect(urlunsplit(parts._replace(query=query)), 303 if request.method == "POST" else 302)


def _account(accounts: Mapping[str, Account], name: str) -> Account:
    if name not in accounts:
        raise OAuthError("invalid_request", "This account doesn't exist.", 404)
    return accounts[name]


def _exchange(account: Account) -> Record:
    """A token for an authorization code."""
    form = _read_form(account, "authorization_code", "code", "redirect_uri")
    try:
        access, refresh = account.tokens.exchange(
            form["code"], redirect_uri=form["redirect_uri"], verifier=form.get("code_verifier", "")
        )
    except GrantRefusedError as error:
        raise OAuthError("invalid_grant", str(error)) from None
    return account.token_answer(access, refresh)


def _refresh(account: Account) -> Record:
    """A token for a refresh token; without rotation no new refresh token is answered."""
    form = _read_form(account, "refresh_token", "refresh_token")
    switches = account.switches
    rotates = switches.rotates_refresh_tokens
    try:
        access, refresh = account.tokens.refresh(
            form["refresh_token"], rotates=rotates, ends_access=switches.refresh_ends_access_token
        )
    except GrantRefusedError as error:
        raise OAuthError("invalid_grant", str(error)) from None
    return account.token_answer(access, refresh if rotates else "")


def _read_form(account: Account, grant_type: str, *required: str) -> dict[str, str]:
    """The form of a token request, with its client checked; credentials count in the body only, as documented."""
    form: dict[str, str] = request.form.to_dict()
    for name in ("grant_type", *required):
        if not form.get(name):
            raise OAuthError("invalid_request", f"The parameter {name} is missing.")
    if form["grant_type"] != grant_type:
        raise OAuthError("unsupported_grant_type", f"The only grant_type here is {grant_type}.")
    client = (form.get("client_id"), form.get("client_secret"))
    if client != (account.client_id, account.client_secret):
        raise OAuthError("invalid_client", "The client credentials are wrong.", 401)
    return form


def _page(template: str, status: int = 200, **context: object) -> BaseResponse:
    return make_response(render_template(template, **context), status)
