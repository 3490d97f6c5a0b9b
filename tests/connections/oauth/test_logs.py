"""The development server's log holds no code."""

import logging

import pytest

from offorte_portal.connections.oauth.logs import WithoutCodes


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GET /offorte/bouw/callback/?code=hush&state=x HTTP/1.1", "GET /offorte/bouw/callback/ HTTP/1.1"),
        ("GET /proposals/?q=hout HTTP/1.1", "GET /proposals/?q=hout HTTP/1.1"),
    ],
)
def test_the_query_of_a_callback_is_left_out(line: str, expected: str) -> None:
    record = logging.LogRecord("django.server", logging.INFO, "", 0, '"%s" %s', (line, 302), None)
    assert WithoutCodes().filter(record)
    assert record.getMessage() == f'"{expected}" 302'


def test_a_record_without_arguments_passes() -> None:
    record = logging.LogRecord("django.server", logging.INFO, "", 0, "Started", None, None)
    assert WithoutCodes().filter(record)
    assert record.getMessage() == "Started"


def test_the_development_server_uses_it() -> None:
    assert any(isinstance(part, WithoutCodes) for part in logging.getLogger("django.server").filters)


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("%s", ("POST /webhooks/offorte/hush-hush/ HTTP/1.1",)),
        ("%(r)s", ({"r": "POST /webhooks/offorte/hush-hush/ HTTP/1.1", "s": 200},)),
        ("POST /webhooks/offorte/hush-hush/ HTTP/1.1", None),
    ],
)
def test_the_secret_in_the_address_of_webhooks_is_left_out(message: str, arguments: tuple[object, ...] | None) -> None:
    record = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, message, arguments, None)
    assert WithoutCodes().filter(record)
    assert record.getMessage() == "POST /webhooks/offorte/…/ HTTP/1.1"
