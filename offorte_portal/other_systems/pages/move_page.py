"""The content of the page that brings customers and products to Offorte."""

import json
from collections import Counter, defaultdict
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from catalog.models import Product, ProductDirectory
from contacts.models import Company, Person
from offorte_portal import ports
from offorte_portal.adminkit.records import record_link
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.jobs.registry import title
from offorte_portal.jobs.rights import visible_jobs
from offorte_portal.mirror.models import Mirrored
from offorte_portal.other_systems.admin.party import evidence_text
from offorte_portal.other_systems.models import ListReading, MovedItem, Source
from offorte_portal.other_systems.moving.action import MOVE
from offorte_portal.other_systems.moving.judging import MoveChoice, Outcome, Verdict
from offorte_portal.other_systems.moving.starting import Plan
from offorte_portal.other_systems.opening import is_enabled, system_of
from offorte_portal.other_systems.pages.source_page import RUN_PILLS
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.text.reason import Reason

Kind = MovedItem.Kind
# The most rows of each list that the page shows.
SHOWN = 100
RECENT_JOBS = 5
MODELS: dict[str, type[Mirrored]] = {
    Kind.COMPANY.value: Company,
    Kind.PERSON.value: Person,
    Kind.DIRECTORY.value: ProductDirectory,
    Kind.PRODUCT.value: Product,
}
# What `evidence_text` has no words for.
EVIDENCE = {"sku": "SKU"}


def count_read(source: Source) -> dict[str, dict[str, int]]:
    """Return how many items of each kind the system has, and how many of those were brought to Offorte."""
    items = source.moved_items.filter(missing_since__isnull=True).order_by()
    made = Count("pk", filter=Q(created_with__state="done"))
    return {
        row["kind"]: {"read": row["number"], "made": row["made"]}
        for row in items.values("kind").annotate(number=Count("pk"), made=made)
    }


def page_context(request: StaffRequest, source: Source, form: Any, planned: Plan | None) -> dict[str, Any]:
    """Return the context of `other_systems/moving.html`."""
    counts = count_read(source)
    jobs = visible_jobs(request.user).filter(action=MOVE.name, options__source=source.pk).order_by("-pk")
    return {
        **admin.site.each_context(request),
        **reading_context(source.readings.first()),
        "title": _("Bring customers and products to Offorte"),
        "source": source,
        "system": system_of(source),
        "is_enabled": is_enabled(system_of(source)),
        "counts": [{"label": kind.label, **counts[kind.value]} for kind in MovedItem.Kind if counts.get(kind.value)],
        "form": form,
        "jobs": [(job, title(job)) for job in jobs.defer("selection")[:RECENT_JOBS]],
        "key": ports.new_uuid(),
        **({} if planned is None else plan_context(request.user, planned)),
    }


def reading_context(run: ListReading | None) -> dict[str, Any]:
    """Return the context of the latest reading, for the page and for the fragment that refreshes itself."""
    if run is None:
        return {"run": None}
    system = system_of(run.source)
    labels = {name: put_into_words(Reason(readable.thing.value)) for name, readable in system.readables.items()}
    lists = system.mover.lists if system.mover else {}
    figures = [(labels.get(name, name), run.figures.get(name, 0)) for name in lists]
    return {
        "run": run,
        "run_pill": RUN_PILLS.get(run.state, "edit"),
        "run_reason": put_into_words(run.reason),
        "run_problems": [put_into_words(problem) for problem in run.problems],
        "unusable": run.figures.get("unusable", 0),
        "figures": figures,
        "now_reading": labels.get(str(run.checkpoint.get("list", next(iter(lists), ""))), ""),
    }


def plan_context(user: User, planned: Plan) -> dict[str, Any]:
    """Return what the page shows of a plan."""
    links = find_links(user, planned)
    made = planned.of(Outcome.MAKE)
    used = planned.of(Outcome.MATCHED)
    doubtful = planned.of(Outcome.DOUBTFUL)
    return {
        "is_planned": True,
        "account": planned.choice.connection,
        "table": describe_counts(planned),
        "number": len(made),
        "made": [describe(verdict, links) for verdict in made[:SHOWN]],
        "made_more": max(0, len(made) - SHOWN),
        "used": [describe(verdict, links) for verdict in used[:SHOWN]],
        "used_more": max(0, len(used) - SHOWN),
        "doubtful": [describe(verdict, links) for verdict in doubtful[:SHOWN]],
        "doubtful_more": max(0, len(doubtful) - SHOWN),
        "left_out": count_reasons(planned),
        "warnings": count_warnings(planned),
        "has_decisions": any(verdict.item.decision for verdict in planned.verdicts),
        "seen": digest(planned),
    }


def describe_counts(planned: Plan) -> list[dict[str, Any]]:
    """Return a line for each kind with the number of items by outcome."""
    counts = planned.counts
    lines = []
    for kind in MovedItem.Kind:
        numbers = {outcome.value: counts[kind.value, outcome.value] for outcome in Outcome}
        if any(numbers.values()):
            lines.append({"label": kind.label, **numbers})
    return lines


def find_links(user: User, planned: Plan) -> dict[tuple[str, int], Any]:
    """Return links to what is, or may be, in Offorte, by kind and id; what is not shown is left out."""
    named: dict[str, set[int]] = defaultdict(set)
    for outcome in (Outcome.MATCHED, Outcome.DOUBTFUL):
        for verdict in planned.of(outcome)[:SHOWN]:
            if verdict.existing:
                named[verdict.item.kind].add(verdict.existing.remote_id)
    links: dict[tuple[str, int], Any] = {}
    for kind, ids in named.items():
        rows = MODELS[kind]._default_manager.filter(connection=planned.choice.connection, remote_id__in=ids)
        links |= {(kind, row.remote_id): record_link(user, row) for row in rows}
    return links


def describe(verdict: Verdict, links: dict[tuple[str, int], Any]) -> dict[str, Any]:
    """Return a line about one item."""
    item, existing = verdict.item, verdict.existing
    return {
        "item": item,
        "kind": MODELS[item.kind]._meta.verbose_name,
        "parent": item.parent,
        "details": [
            value for value in (item.facts.get("number"), item.values.get("email"), item.values.get("city")) if value
        ],
        "existing": (links.get((item.kind, existing.remote_id)) or existing.name) if existing else "",
        "evidence": evidence_text([EVIDENCE.get(name, name) for name in existing.evidence]) if existing else "",
        "reason": put_into_words(verdict.reason),
        "warnings": [put_into_words(warning) for warning in verdict.warnings],
    }


def count_reasons(planned: Plan) -> list[tuple[str, int, list[str]]]:
    """Return why items are left out, how many and which for each reason, the most frequent reason first."""
    named: dict[str, list[str]] = defaultdict(list)
    for verdict in planned.of(Outcome.LEFT_OUT, Outcome.MADE):
        named[put_into_words(verdict.reason)].append(str(verdict.item))
    ordered = sorted(named.items(), key=lambda entry: -len(entry[1]))
    return [(reason, len(names), names[:SHOWN]) for reason, names in ordered]


def count_warnings(planned: Plan) -> list[tuple[str, int]]:
    """Return each kind of warning with the text of the first one, and the number of items that have it."""
    warnings = [warning for verdict in planned.of(Outcome.MAKE) for warning in verdict.warnings]
    counted = Counter(warning.code for warning in warnings)
    texts = {warning.code: put_into_words(warning) for warning in reversed(warnings)}
    return [(texts[code], number) for code, number in counted.most_common()]


def digest(planned: Plan) -> str:
    """Return a digest of the choices and of what becomes of each item, so that only what was shown can be confirmed."""
    content = [describe_choice(planned.choice)] + [
        [
            verdict.item.pk,
            verdict.item.digest,
            verdict.outcome.value,
            verdict.existing.remote_id if verdict.existing else None,
            verdict.vat_id,
        ]
        for verdict in planned.verdicts
    ]
    return salted_hmac("offorte_portal.move", json.dumps(content), algorithm="sha256").hexdigest()


def describe_choice(choice: MoveChoice) -> list[Any]:
    return [
        choice.connection.pk,
        sorted(choice.kinds),
        str(choice.doubtful),
        choice.currency,
        choice.takes_other_currencies,
    ]
