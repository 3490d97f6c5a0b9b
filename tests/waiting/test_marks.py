"""Which views have another server asked: they carry a mark, and one without is found out."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.waiting.marks import asks_elsewhere, mark_of
from proposals.models import Proposal
from tests.waiting import guard

pytestmark = pytest.mark.django_db(transaction=True)

Mirror = Callable[..., Connection]


def test_a_mark_survives_decorators() -> None:

    @require_POST
    @asks_elsewhere(gettext_lazy("Saving…"))
    def view(request: Any) -> None: ...

    mark = mark_of(view)
    assert mark is not None
    assert mark.methods == ("POST",)


def test_whatever_asks_another_server_is_marked() -> None:
    names = {
        "approval_decide", "proposal_lost", "board_move", "compose_draft", "compose_new", "offorte_callback",
        "call_won", "call_undo_won", "operation_look", "operation_undo", "proposal_refresh", "quote_document",
        "send", "source_test", "webhook_check", "webhook_rotate", "admin:connections_connection_disconnect",
        "admin:webhooks_webhook_switch",
    }  # fmt: skip
    forms = ("contacts_company", "contacts_person", "catalog_product", "catalog_productdirectory", "proposals_proposal")
    names |= {f"admin:{form}_{view}" for form in forms for view in ("edit", "delete")}
    assert names <= set(marked(get_resolver().url_patterns))


def marked(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from marked(pattern.url_patterns, inner)
        elif mark_of(pattern.callback):
            yield f"{prefix}{pattern.name}"


def test_a_view_that_asks_without_a_mark_is_found_out(
    client: Client, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.ANSWER_WITHIN = 0
    mirror("proposals")
    url = f"/sync/proposals/{Proposal.objects.order_by('pk')[0].pk}/refresh/"
    monkeypatch.setattr(guard, "mark_of", lambda view: None)
    with pytest.raises(pytest.fail.Exception, match="needs the mark"):
        client.post(url)
