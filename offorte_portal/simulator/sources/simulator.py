"""All four behind one server, with a log of what was asked and faults that a test scripts."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug.wrappers import Request as WebRequest
from werkzeug.wrappers import Response

from offorte_portal.simulator.faults import Fault, FaultKind, Faults
from offorte_portal.simulator.requests import Request, RequestLog
from offorte_portal.simulator.server import Server
from offorte_portal.simulator.sources.administrate import Administrate
from offorte_portal.simulator.sources.cirrus import Cirrus
from offorte_portal.simulator.sources.fynn import Fynn
from offorte_portal.simulator.sources.system import Asked, SimulatedSystem, Told
from offorte_portal.simulator.sources.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HTML = b"<!DOCTYPE html><title>Somewhere else</title>"


class SourceSimulator:
    """The other systems, each with so many quotes, at `url`/NAME.

    Cirrus has more customers and articles than its quotes name where `customers` and `articles` say so.
    """

    def __init__(self, *, quotes: int = 40, customers: int = 0, articles: int = 0, port: int = 0) -> None:
        self.cirrus = Cirrus(quotes, customers=customers, articles=articles)
        self.fynn = Fynn(quotes)
        self.workspace = Workspace(quotes)
        self.administrate = Administrate(quotes)
        self.systems: dict[str, SimulatedSystem] = {
            one.name: one for one in (self.cirrus, self.fynn, self.workspace, self.administrate)
        }
        self.log = RequestLog()
        self.faults = Faults()
        self._server = Server("127.0.0.1", port, self._serve)
        self.url = self._server.url
        for name, system in self.systems.items():
            system.url = f"{self.url}/{name}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.stop()
        self._server.server_close()

    def start(self) -> None:
        """Serve in a background thread."""
        self._server.start()

    @property
    def requests(self) -> list[Request]:
        """What was asked so far; `account` is the system."""
        return self.log.copy()

    def sent(self, system: str) -> list[str]:
        """What a system was asked, as "GET /path"."""
        return [f"{one.method} {one.path}" for one in self.requests if one.account == system]

    def add_fault(self, kind: FaultKind, **options: Any) -> Fault:
        """Script a fault; `path` is a regular expression for the path with the system before it."""
        return self.faults.add(Fault(kind, **options))

    def _serve(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        request = WebRequest(environ)
        at = time.time()
        name, _, rest = request.path.strip("/").partition("/")
        fault = self.faults.take(account=name, method=request.method, path=request.path)
        status = 0
        try:
            told = self._answer(request, name, f"/{rest}", fault)
            status = told.status
        finally:
            headers = {key.lower(): value for key, value in request.headers.items()}
            query = request.args.to_dict()
            self.log.add(Request(at, name, request.method, f"/{rest}", status, query, request.form.to_dict(), headers))
        body, kind = told.encode()
        headers = {"Content-Type": kind} | told.headers
        return Response(body, told.status, headers)(environ, start_response)

    def _answer(self, request: WebRequest, name: str, path: str, fault: Fault | None) -> Told:
        if fault is not None and (spoiled := _spoil(fault)) is not None:
            return spoiled
        system = self.systems.get(name)
        if system is None:
            return Told(HTML, 200, {"Content-Type": "text/html"})
        headers = {key.lower(): value for key, value in request.headers.items()}
        asked = Asked(request.method, path, request.args.to_dict(), headers, request.form.to_dict())
        told = system.answer(asked)
        if fault is not None and fault.kind == "malformed_json":
            told = Told(told.encode()[0][:-7], told.status, {"Content-Type": "application/json"})
        return told


def _spoil(fault: Fault) -> Told | None:
    """The answer in place of the system's own; None where there is none."""
    match fault.kind:
        case "rate_limited":
            after = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            return Told({"message": "Too many requests"}, 429, after)
        case "error_500" | "status":
            return Told({"message": "Something went wrong"}, fault.status)
        case "unavailable_503_html":
            return Told(HTML, 503, {"Content-Type": "text/html"})
        case "html_200":
            return Told(HTML, 200, {"Content-Type": "text/html"})
        case "redirect":
            return Told(b"", 302, {"Location": fault.location})
        case "drop_before" | "drop_after":
            raise ConnectionError
        case "slow":
            fault.over.wait(fault.seconds)
    return None
