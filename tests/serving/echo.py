"""An application that answers what it was asked, for tests of the web server's own part."""

import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer the request as JSON; `/large` answers 3 MB."""
    body = environ["wsgi.input"].read()
    told = {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "length": len(body),
        "digest": sha256(body).hexdigest(),
        "announced": environ.get("CONTENT_LENGTH"),
        "coding": environ.get("HTTP_TRANSFER_ENCODING"),
    }
    answer = b"x" * 3_000_000 if environ["PATH_INFO"] == "/large" else json.dumps(told).encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]
