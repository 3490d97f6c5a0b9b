"""Requests to addresses that somebody entered: to the address that was checked, and bounded."""

import gzip
import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from offorte_portal.http import (
    BadCertificate,
    Client,
    ForbiddenAddress,
    HttpError,
    TooLarge,
    TooSlow,
    Unreachable,
    parse_networks,
)
from offorte_portal.http import client as client_module
from tests.http.servers import SLOW, Handler, drip_body, ok, say, say_nothing, serve

HERE = parse_networks(["127.0.0.0/8"])


def fetch(handle: Handler, **options: Any) -> bytes:
    with serve(handle) as port, Client(HERE) as client, client.get(f"http://127.0.0.1:{port}/", **options) as reply:
        assert reply.status == 200
        return reply.body.read()


def test_an_answer_is_read() -> None:
    assert fetch(say(ok(b"hello"))) == b"hello"


def test_this_machine_is_not_asked_without_leave() -> None:
    asked: list[bytes] = []
    with serve(lambda line: asked.append(b"")) as port, Client() as client:
        for host in ("127.0.0.1", "localhost", "127.1", "2130706433"):
            with pytest.raises(ForbiddenAddress):
                client.get(f"http://{host}:{port}/")
    assert asked == []


def test_an_answer_that_is_too_large_is_left_in_the_middle() -> None:
    sent: list[int] = []

    def flood(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(1000):
            line.sendall(b"x" * 100_000)
            sent.append(100_000)

    with pytest.raises(TooLarge):
        fetch(flood, largest=1_000_000)
    assert sum(sent) < 20_000_000


def test_what_is_compressed_counts_unpacked() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(TooLarge):
        fetch(say(ok(bomb, "Content-Encoding: gzip")))


@pytest.mark.parametrize("handle", SLOW)
def test_an_answer_that_trickles_in_is_cut_off(handle: Handler) -> None:
    begun = time.monotonic()
    with pytest.raises(TooSlow):
        fetch(handle, seconds=0.5)
    assert time.monotonic() - begun < 10


def test_silence_for_too_long_is_slow_and_not_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "TIMEOUT", (5, 0.2))
    for handle in (say_nothing, say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx", hold=1.0)):
        with pytest.raises(TooSlow):
            fetch(handle)


def test_a_connection_that_is_made_too_late_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.create_connection

    def connect_late(*args: Any, **options: Any) -> socket.socket:
        connected = real(*args, **options)
        time.sleep(0.6)
        return connected

    monkeypatch.setattr(socket, "create_connection", connect_late)
    begun = time.monotonic()
    with pytest.raises(TooSlow):
        fetch(drip_body, seconds=0.3)
    assert time.monotonic() - begun < 10


def test_one_request_after_another_over_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(line: socket.socket) -> None:
        line.sendall(ok(b"one"))
        line.recv(65536)
        line.sendall(ok(b"two"))
        line.recv(65536)
        line.recv(65536)

    monkeypatch.setattr(client_module, "DEADLINE", 4)
    with serve(twice) as port, Client(HERE) as client:
        url = f"http://127.0.0.1:{port}/"
        for said in (b"one", b"two"):
            with client.get(url) as reply:
                assert reply.body.read() == said
        with pytest.raises(Unreachable):
            client.get(url)


@pytest.mark.parametrize("text", ["", "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"])
def test_what_is_no_whole_answer(text: str) -> None:
    with pytest.raises(Unreachable):
        fetch(say(text))


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with Client(HERE) as client, pytest.raises(Unreachable):
        client.get(f"http://127.0.0.1:{port}/")


def test_redirects_are_answers_and_no_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    moved = say("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")
    with serve(moved) as port, Client(HERE) as client, client.get(f"http://127.0.0.1:{port}/") as reply:
        assert (reply.status, reply.headers["Location"]) == (302, "http://127.0.0.1:9/")


# A name that leads to one address when it is checked and to another one when it is used.


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def rebind(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host != "rebind.example":
            return real(host, port, *args, **options)
        looked_up.append(host)
        address = "127.0.0.1" if len(looked_up) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    networks = parse_networks(["127.0.0.1"])
    with serve(say(ok(b"first", "Connection: close"))) as port, Client(networks) as client:
        # `http` needs a literal or localhost; what is looked up for a connection is what is under test here.
        monkeypatch.setattr(client_module, "check_url", lambda url, networks: None)
        with client.get(f"http://rebind.example:{port}/") as reply:
            assert reply.body.read() == b"first"
        assert looked_up == ["rebind.example"]
        with pytest.raises(ForbiddenAddress):
            client.get(f"http://rebind.example:{port}/")
    assert len(looked_up) == 2


@pytest.fixture
def certificate(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a certificate for a host, in one file with its key."""

    def make(host: str) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        now = datetime.now(UTC)
        signed = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = tmp_path / f"{host}.pem"
        path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
        return path

    return make


@pytest.mark.parametrize(("named", "error"), [("api.example", None), ("other.example", BadCertificate)])
def test_a_certificate_is_that_of_the_name(
    named: str, error: type[HttpError] | None, certificate: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(named)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    real = socket.getaddrinfo

    def here(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        return real("127.0.0.1" if host == "api.example" else host, port, *args, **options)

    with serve(say(ok(b"by name")), context) as port, Client(HERE) as client:
        monkeypatch.setattr(socket, "getaddrinfo", here)
        url = f"https://api.example:{port}/"
        if error:
            with pytest.raises(error):
                client.get(url)
        else:
            with client.get(url) as reply:
                assert reply.body.read() == b"by name"
            assert client.is_private(url)


@pytest.mark.parametrize("handle", [drip_body, say_nothing])
def test_a_secure_answer_that_trickles_in_is_cut_off_too(
    handle: Handler, certificate: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    monkeypatch.setattr(client_module, "DEADLINE", 0.5)
    begun = time.monotonic()
    networks = parse_networks(["127.0.0.0/8", "::1"])
    with serve(handle, context) as port, Client(networks) as client, pytest.raises(Unreachable):
        client.get(f"https://localhost:{port}/")
    assert time.monotonic() - begun < 10
