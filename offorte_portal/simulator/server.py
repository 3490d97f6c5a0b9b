"""Serves a WSGI application over HTTP/1.1 with kept-alive connections, in background threads."""

import io
import socket
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Handler(WSGIRequestHandler):
    """Unlike its parent it keeps connections open, reads bodies whole, writes answers at once and logs nothing."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "Server"

    def run_wsgi(self) -> None:
        """Answer one request; a ConnectionError of the application closes the connection without an answer."""
        self.environ = environ = self.make_environ()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
            started[:] = [status, headers]
            return lambda data: None

        try:
            answer = self.server.app(environ, start_response)
            data = b"".join(answer)
            if hasattr(answer, "close"):
                answer.close()
        except ConnectionError:
            self.close_connection = True
            return
        self._write(started[0], started[1], data)

    def _write(self, status: str, headers: list[tuple[str, str]], data: bytes) -> None:
        code, _, phrase = status.partition(" ")
        self.send_response(int(code), phrase)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        if int(code) != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.wfile.flush()

    def log(self, type: str, message: str, *args: Any) -> None:
        """No access log."""


class Server(ThreadedWSGIServer):
    """A thread for each connection; `stop` ends them all."""

    # The parent's daemon threads would go on answering kept-alive connections after the end.
    daemon_threads = False

    def __init__(self, host: str, port: int, app: "WSGIApplication") -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(host, port, app, Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), name="simulator")

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def start(self) -> None:
        """Serve in a background thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving, close every connection and wait for the threads."""
        self.shutdown()
        self._thread.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be closed at the end."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Close all connections, or waiting for their threads would take as long as the clients please."""
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # closed by the other side
                continue
        super().server_close()


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
