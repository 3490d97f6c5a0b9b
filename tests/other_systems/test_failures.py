"""What goes wrong at the other system, and what that leaves behind."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from offorte_portal.other_systems import runs, stages, work
from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.other_systems.probing import probe
from offorte_portal.other_systems.systems import http
from offorte_portal.runs import tries
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.conftest import SYSTEMS, run_import
from tests.other_systems.dumps import dump_quotes


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repetitions at once: what is waited for otherwise is tested by itself."""
    monkeypatch.setattr(http, "BACKOFF", (0.0, 0.0))
    monkeypatch.setattr(tries, "FIRST_PAUSE", 0.01)


def go_on(run: QuoteImport) -> QuoteImport:
    """Let an import that waits try again."""
    QuoteImport.objects.update(retry_at=None)
    return work.import_now(run)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_wrong_secret_stops_the_import_and_flags_its_source(
    system: str, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source(system, secret="not-the-right-secret", interval=60)
    run = run_import(source)
    assert run.state == "failed"
    assert len(other.requests) == 1, "what is refused is not asked again"
    source.refresh_from_db()
    assert (source.state, source.state_reason) == (Source.State.FAILED, run.reason)
    assert "credentials" in put_into_words(run.reason)
    assert runs.request_due() == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_an_address_that_answers_html(system: str, add_source: Callable[..., Source], other: SourceSimulator) -> None:
    source = add_source(system, base_url=f"{other.url}/nowhere")
    run = run_import(source)
    assert run.state == "failed"
    assert "base URL" in put_into_words(run.reason)
    source.refresh_from_db()
    assert source.state == Source.State.FAILED
    assert not source.quotes.exists()


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("kind", ["redirect", "unavailable_503_html", "rate_limited", "malformed_json", "html_200"])
def test_no_failure_is_a_bare_exception(
    system: str, kind: Any, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    other.add_fault(kind, times=None, location="https://elsewhere.example/")
    source = add_source(system)
    run = run_import(source)
    assert run.state in {"waiting", "failed"}
    assert run.reason
    assert "elsewhere" not in put_into_words(run.reason)
    assert "elsewhere.example" not in str(run.reason)
    assert not probe(source)
    assert source.state_reason


@pytest.mark.parametrize("kind", ["unavailable_503_html", "rate_limited", "drop_before"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_what_passes_is_waited_for(
    system: str, kind: Any, add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    source = add_source(system)
    other.add_fault(kind, times=2)
    run = run_import(source)
    assert run.state == "done"
    whole = dump_quotes(source)
    Source.objects.all().delete()
    other.add_fault(kind, times=3)
    source = add_source(system)
    run = run_import(source)
    assert (run.state, run.failures) == ("waiting", 1)
    run = go_on(run)
    assert (run.state, dump_quotes(source)) == ("done", whole)


def test_a_long_wait_pauses_the_import_and_not_the_process(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    other.add_fault("rate_limited", times=None, retry_after=600)
    run = run_import(add_source("administrate"))
    assert len(other.requests) == 1
    assert run.state == "waiting"
    assert run.retry_at is not None
    assert timedelta(minutes=9) < run.retry_at - timezone.now() < timedelta(minutes=11)


def test_an_import_that_never_gets_through_fails(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    other.add_fault("unavailable_503_html", times=None)
    source = add_source("workspace")
    run = run_import(source)
    for _ in range(tries.MOST_FAILURES):
        run = go_on(run)
    assert run.state == "failed"
    source.refresh_from_db()
    assert source.state != Source.State.FAILED, "a system that is away needs nobody's attention"


def test_one_offer_that_cant_be_read_leaves_the_others(
    add_source: Callable[..., Source], other: SourceSimulator
) -> None:
    broken = other.fynn.offers[2]["id"]
    other.add_fault("malformed_json", path=f"/fynn/api/offers/{broken}", times=None)
    source = add_source("fynn")
    run = run_import(source)
    assert (run.state, run.figures["unreadable"]) == ("done", 1)
    assert broken in put_into_words(run.problems[0])
    assert source.quotes.exclude(raw="").count() == 23
    other.faults.clear()
    assert run_import(source).state == "done"
    assert source.quotes.exclude(raw="").count() == 24


def test_what_is_gone_is_marked_and_comes_back(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    for system, things in (
        ("cirrus", other.cirrus.quotes),
        ("fynn", other.fynn.offers),
        ("workspace", other.workspace.quotations),
        ("administrate", other.administrate.opportunities),
    ):
        source = add_source(system)
        run_import(source)
        gone = things.pop(1)
        run = run_import(source, everything=True)
        assert (run.state, run.figures["missing"]) == ("done", 1), system
        assert source.quotes.count() == 24, "nothing is ever deleted"
        quote = source.quotes.get(missing_since__isnull=False)
        assert quote.external_id == str(gone["id"])
        things.insert(1, gone)
        run_import(source, everything=True)
        assert not source.quotes.filter(missing_since__isnull=False).exists()


def test_what_a_list_left_out_but_is_there_is_not_gone(
    add_source: Callable[..., Source], other: SourceSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = add_source("workspace")
    run_import(source)
    whole = list(other.workspace.quotations)
    left_out = whole[5]
    get = other.workspace.get_quotation

    def found_after_all(asked: Any, key: str) -> Any:
        other.workspace.quotations[:] = whole
        return get(asked, key)

    other.workspace.routes.insert(0, (__import__("re").compile(r"/quotations/(\d+)\.json"), found_after_all))
    other.workspace.quotations.remove(left_out)
    run = run_import(source)
    assert (run.state, run.figures.get("missing", 0)) == ("done", 0)
    assert not source.quotes.filter(missing_since__isnull=False).exists()


def test_a_suddenly_empty_list_is_believed_as_it_is(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    other.workspace.__init__(120)  # type: ignore[misc]
    other.workspace.url = f"{other.url}/workspace"
    source = add_source("workspace")
    run_import(source)
    other.workspace.quotations.clear()
    other.log.clear()
    run = run_import(source)
    assert run.figures["missing"] == 120
    assert len([line for line in other.sent("workspace") if "/quotations/" in line]) == 0
    assert source.quotes.filter(missing_since__isnull=False).count() == 120


def test_an_offer_that_goes_between_list_and_detail(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    gone = other.fynn.offers[0]["id"]
    other.add_fault("status", path=f"/fynn/api/offers/{gone}", status=404, times=None)
    source = add_source("fynn")
    run = run_import(source)
    assert run.state == "done"
    assert source.quotes.get(external_id=gone).missing_since is not None


def test_a_cancelled_import_stops(add_source: Callable[..., Source], other: SourceSimulator) -> None:
    source = add_source("workspace")
    run = runs.request(source, trigger=QuoteImport.Trigger.PERSON, is_queued=False)
    runs.cancel(run)
    assert (run.state, work.advance(run.pk)) == ("cancelled", None)
    later = runs.request(source, trigger=QuoteImport.Trigger.PERSON, is_queued=False)
    QuoteImport.objects.filter(pk=later.pk).update(is_cancel_requested=True)
    assert work.import_now(later).state == "cancelled"
    assert other.requests == []


def test_one_taken_over_by_another_process_writes_nothing(
    add_source: Callable[..., Source], other: SourceSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = add_source("workspace")
    run = runs.request(source, trigger=QuoteImport.Trigger.PERSON, is_queued=False)
    steps = stages.take_step

    def step(context: Any) -> bool:
        QuoteImport.objects.update(lease="another")
        return steps(context)

    monkeypatch.setattr(work, "take_step", step)
    assert work.advance(run.pk) is None
    assert not source.quotes.exists()
    run.refresh_from_db()
    assert (run.state, run.lease) == ("running", "another")


def test_a_secret_that_no_key_fits(add_source: Callable[..., Source], settings: Any, other: SourceSimulator) -> None:
    source = add_source("workspace")
    settings.PORTAL_ENCRYPTION_KEYS = ["b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktMDE="]
    run = runs.request(Source.objects.get(pk=source.pk), trigger=QuoteImport.Trigger.PERSON, is_queued=False)
    run = work.import_now(run)
    assert run.state == "failed"
    assert "Enter them again" in put_into_words(run.reason)
    assert other.requests == []


def test_a_system_that_the_portal_no_longer_knows(add_source: Callable[..., Source]) -> None:
    source = add_source("workspace")
    Source.objects.update(system="gone")
    run = run_import(source)
    assert run.state == "failed"
    assert "no longer supports this system" in put_into_words(run.reason)


class TestSecrets:
    SENTINELS = ("workspace-api-token-1", "api_fynn-secret-1", "cirrus-x-token-1", "web-user-password-1")

    def test_they_are_in_no_row_log_or_reason(
        self,
        add_source: Callable[..., Source],
        other: SourceSimulator,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level(logging.DEBUG)
        other.fynn.offers[0]["customVariables"] = {"echo": f"you sent {other.fynn.secret}", "api_key": "leaked"}
        other.cirrus.quotes[0]["internalcomment"] = f"token {other.cirrus.secret}"
        for system in SYSTEMS:
            source = add_source(system)
            probe(source)
            run_import(source)
            other.add_fault("drop_before", path=f"/{system}/.*", times=None)
            run_import(source)
            other.faults.clear()
        rows = [
            *Source.objects.values_list("state_reason", "sample", "options"),
            *QuoteImport.objects.values_list("reason", "problems", "checkpoint"),
        ]
        told = repr(rows) + caplog.text + "".join(capfd.readouterr())
        for source in Source.objects.all():
            told += "".join(source.quotes.values_list("raw", flat=True))
            told += "".join(source.records.values_list("raw", flat=True))
            told += repr(dump_quotes(source))
        assert not [secret for secret in (*self.SENTINELS, "leaked", "NL00BANK", "coreapi.io/secret") if secret in told]

    def test_they_do_not_follow_a_redirect(self, add_source: Callable[..., Source], other: SourceSimulator) -> None:
        with SourceSimulator(quotes=2) as elsewhere:
            other.add_fault("redirect", times=None, location=f"{elsewhere.url}/workspace/quotations.json")
            for system in SYSTEMS:
                run = run_import(add_source(system))
                assert run.state == "failed"
                assert "redirects" in put_into_words(run.reason)
            assert elsewhere.requests == []
