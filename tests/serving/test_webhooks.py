"""Webhooks as the portal's own process takes them, in one piece and in chunks."""

from collections.abc import Iterator

import pytest

from offorte_portal.simulator import Simulator
from offorte_portal.webhooks import address, storing
from offorte_portal.webhooks.models import WebhookEvent
from tests.serving.server import HOST, ask, connect, serve
from tests.support.factories import make_connection
from tests.support.processes import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]

EVENT = b'{"type": "company_updated", "date_created": "2026-03-02 10:30:00", "data": {"id": 1, "name": "A"}}'


@pytest.fixture
def portal(simulator: Simulator) -> Iterator[int]:
    """The port of the portal."""
    with serve("offorte_portal.wsgi", **environment(simulator, DJANGO_DEBUG="True")) as port:
        yield port


def test_a_body_in_chunks_is_stored_and_a_broken_one_refused(portal: int) -> None:
    token = address.ensure(make_connection("bouw")).token
    post = f"POST /webhooks/offorte/{token}/ HTTP/1.1\r\n".encode() + HOST
    chunked = post + b"Transfer-Encoding: chunked\r\n\r\n"
    trap = b"0\r\n\r\n"

    assert (
        ask(portal, chunked, b"%x;a=b\r\n" % len(EVENT), EVENT, b"\r\n5\r\n", trap, b"\r\n0\r\nX: 1\r\n\r\n").status
        == 200
    )
    assert ask(portal, chunked, b"5\r\nabcdefg\r\n0\r\n\r\n").status == 400
    assert ask(portal, post, b"Content-Length: 3\r\n\r\nabc").status == 200
    too_large = [b"%x\r\n" % storing.LARGEST, b"x" * storing.LARGEST, b"\r\n1\r\nx\r\n0\r\n\r\n"]
    assert ask(portal, chunked, *too_large).status == 413
    connect(portal, chunked + b"5\r\nab").close()

    stored = [bytes(body) for body in WebhookEvent.objects.order_by("pk").values_list("body", flat=True)]
    assert stored == [EVENT + trap, b"abc"]
