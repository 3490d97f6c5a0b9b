"""What every request to the API and the OAuth endpoints passes: rate limit, scripted faults, the log."""

import io
import json
import re
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from werkzeug.wrappers import Response

from offorte_portal.simulator.faults import Fault, Faults, edit_answer
from offorte_portal.simulator.ratelimit import RateLimit
from offorte_portal.simulator.refusals import RefusedError
from offorte_portal.simulator.requests import Request, RequestLog
from offorte_portal.simulator.switches import Switches

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GUARDED = re.compile(r"/api/v1/(?P<api>[^/]+)(?P<path>/.*)?|/(?P<oauth>[^/]+)(?P<oauth_path>/oauth2/.*)")
MAINTENANCE = "<!DOCTYPE html><html><head><title>503</title></head><body><h1>We'll be right back</h1></body></html>"


class Gate:
    """WSGI middleware around all of the simulator's pages; only the API and OAuth are guarded."""

    def __init__(
        self, app: "WSGIApplication", *, limit: RateLimit, faults: Faults, log: RequestLog, switches: Switches
    ) -> None:
        self._app = app
        self._limit = limit
        self._faults = faults
        self._log = log
        self._switches = switches

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        match = GUARDED.fullmatch(environ["PATH_INFO"])
        if match is None:
            return self._app(environ, start_response)
        at = time.time()
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if match["api"] and not environ["PATH_INFO"].endswith("/"):
            # Both forms of every URL are answered alike, without a redirect.
            environ["PATH_INFO"] += "/"
        account = match["api"] or match["oauth"]
        path = match["oauth_path"] or match["path"] or "/"
        status = 0
        try:
            response = self._answer(environ, account, path, is_api=bool(match["api"]))
            status = response.status_code
        finally:
            self._log.add(
                Request(
                    at,
                    account,
                    environ["REQUEST_METHOD"],
                    path,
                    status,
                    query=dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)),
                    body=_parsed(body, environ.get("CONTENT_TYPE", "")),
                    headers=_headers(environ),
                )
            )
        return response(environ, start_response)

    def _answer(self, environ: "WSGIEnvironment", account: str, path: str, *, is_api: bool) -> Response:
        """The answer; raises ConnectionAbortedError where a fault drops the connection."""
        wait = self._limit.check(account) if is_api else 0.0
        if wait:
            return _too_many(int(wait) + 1 if self._switches.has_retry_after else None)
        fault = self._faults.take(account=account, method=environ["REQUEST_METHOD"], path=path)
        if fault is None:
            return Response.from_app(self._app, environ)
        return _without_work(fault) or self._with_work(fault, environ)

    def _with_work(self, fault: Fault, environ: "WSGIEnvironment") -> Response:
        if fault.kind == "slow":
            fault.over.wait(fault.seconds)
        response = Response.from_app(self._app, environ)
        if fault.kind == "drop_after":
            raise ConnectionAbortedError
        return _spoil(fault, response)


def _parsed(body: bytes, content_type: str) -> Any:
    """A form's fields or the parsed JSON; None for no body, and for one that is neither."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


def _headers(environ: "WSGIEnvironment") -> dict[str, str]:
    """The request's headers, named as in `Content-Type`."""
    headers = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
    headers |= {name: environ[name] for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if name in environ}
    return {name.replace("_", "-").title(): value for name, value in headers.items()}


def _too_many(retry_after: float | str | None) -> Response:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return _json(429, "You're requesting too many items! Slow down!", headers)


def _without_work(fault: Fault) -> Response | None:
    """The answer of a fault that keeps the request from being done; None for all others."""
    if fault.kind == "drop_before":
        raise ConnectionAbortedError
    if fault.kind == "rate_limited":
        return _too_many(fault.retry_after)
    if fault.kind == "error_500":
        return _json(500, "We had a problem with our server. Try again later.")
    if fault.kind == "unavailable_503_html":
        return Response(MAINTENANCE, status=503, mimetype="text/html")
    if fault.kind == "status":
        return _json(fault.status, "A scripted answer.")
    if fault.kind == "redirect":
        return Response(status=302, headers={"Location": fault.location})
    return None


def _spoil(fault: Fault, response: Response) -> Response:
    """An answer with the fault's damage done to its body."""
    if fault.kind == "html_200":
        return Response(MAINTENANCE, status=200, mimetype="text/html")
    if fault.kind == "empty_body":
        response.set_data(b"")
    elif fault.kind == "malformed_json":
        data = response.get_data()
        response.set_data(data[: len(data) // 2] + b'{"' if data else b'{"')
    elif fault.kind in {"missing_field", "null_field", "renamed_field", "unknown_field"} and response.is_json:
        response.set_data(json.dumps(edit_answer(response.get_json(), fault)))
    return response


def _json(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    body = json.dumps(RefusedError(status, message).as_json())
    return Response(body, status=status, headers=headers, mimetype="application/json")
