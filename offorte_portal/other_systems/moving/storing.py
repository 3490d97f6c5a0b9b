"""Stores the entries of whole lists: one row for each, whatever how often it is read."""

import logging
from collections.abc import Iterable
from dataclasses import asdict

from offorte_portal import ports
from offorte_portal.other_systems.models import ListReading, MovedItem
from offorte_portal.other_systems.move_reasons import MoveWarning
from offorte_portal.other_systems.opening import clean
from offorte_portal.other_systems.storing import is_usable
from offorte_portal.other_systems.systems.answers import Raw, fingerprint
from offorte_portal.other_systems.systems.interface import Page
from offorte_portal.other_systems.systems.moved import Moved, Mover

logger = logging.getLogger(__name__)

Kind = MovedItem.Kind
# What kind of item lies in which.
PARENTS = {Kind.PERSON.value: Kind.COMPANY.value, Kind.PRODUCT.value: Kind.DIRECTORY.value}
MAPPED = ("name", "parent_key", "values", "facts", "warnings", "obstacle", "digest", "changed_at")
AT_ONCE = 100


def store_page(run: ListReading, mover: Mover, name: str, page: Page) -> None:
    """Store a page of a list. Must be called in the transaction that saves the progress."""
    raws = [(item.external_id, item.raw) for item in page.items if item.raw is not None and is_usable(item.external_id)]
    answers = list(clean(run.source, (raw for _, raw in raws)))
    found: dict[str, Moved] = {}
    unusable = page.unreadable + len(page.items) - len(raws)
    for (key, _), answer in zip(raws, answers, strict=True):
        if answer is None:
            unusable += 1
            continue
        if not mover.lists[name]:
            run.names.setdefault(name, {})[key] = mover.name(name, answer.raw)
        moved = interpret(run, mover, name, key, answer.raw)
        if moved is not None:
            found[key] = moved
    run.figures[name] = run.figures.get(name, 0) + len(raws)
    run.figures["unusable"] = run.figures.get("unusable", 0) + unusable
    store(run, found.values())


def interpret(run: ListReading, mover: Mover, name: str, key: str, raw: Raw) -> Moved | None:
    """Return what an entry becomes. What no mover foresaw costs this entry alone: it has a warning."""
    kind = mover.lists[name]
    try:
        return mover.map(name, raw, run.names)
    except Exception:  # a mover never raises for what it foresaw
        logger.exception("%s %s of source %s could not be mapped", name, key, run.source_id)
        if not kind:
            return None
        return Moved(kind, key, mover.name(name, raw), warnings=(MoveWarning.ODD(),), obstacle=MoveWarning.ODD())


def store(run: ListReading, items: Iterable[Moved]) -> None:
    """Add the items that are new, update those that differ, and mark all as seen. Their parents are found by key."""
    moved = list(items)
    if not moved:
        return
    kind = moved[0].kind
    parents = find_parents(run, kind, moved)
    by_key = {item.external_id: item for item in moved}
    known = MovedItem.objects.filter(source=run.source_id, kind=kind, external_id__in=by_key)
    rows = {row.external_id: row for row in known}
    missing = [MovedItem(source=run.source, kind=kind, external_id=key) for key in by_key if key not in rows]
    changed = []
    for row in (*rows.values(), *missing):
        item = by_key[row.external_id]
        row.parent, row.seen_by, row.missing_since = parents.get(item.parent), run, None
        if fill(row, item):
            changed.append(row)
    MovedItem.objects.bulk_create(missing, batch_size=AT_ONCE)
    seen = ["parent", "seen_by", "missing_since"]
    MovedItem.objects.bulk_update(rows.values(), seen, batch_size=AT_ONCE)
    stored = [row for row in changed if row.external_id in rows]
    MovedItem.objects.bulk_update(stored, MAPPED, batch_size=AT_ONCE)


def fill(row: MovedItem, item: Moved) -> bool:
    """Put an item's values into its row; return whether they are others than before."""
    plain = asdict(item) | {
        "warnings": [warning.to_json() for warning in item.warnings],
        "obstacle": item.obstacle and item.obstacle.to_json(),
    }
    digest = fingerprint(plain)
    if row.digest == digest:
        return False
    row.name, row.parent_key, row.values, row.facts = item.name, item.parent, dict(item.values), dict(item.facts)
    row.warnings, row.obstacle, row.digest = list(item.warnings), item.obstacle, digest
    row.changed_at = ports.now()
    return True


def find_parents(run: ListReading, kind: str, items: Iterable[Moved]) -> dict[str, MovedItem]:
    """Return the companies of people, or the directories of products, by key.

    A directory whose name can't be read is called by its id; products without any lie in one called like the system.
    """
    if kind not in PARENTS:
        return {}
    keys = {item.parent for item in items}
    found = MovedItem.objects.filter(source=run.source_id, kind=PARENTS[kind], external_id__in=keys)
    parents = {row.external_id: row for row in found}
    if kind == Kind.PRODUCT:
        unnamed = []
        for key in sorted(keys - parents.keys()):
            name, warnings = (f"{run.source} {key}", (MoveWarning.GROUP_UNNAMED(),)) if key else (str(run.source), ())
            unnamed.append(Moved("directory", key, name, values={"name": name}, warnings=warnings))
        store(run, unnamed)
        found = MovedItem.objects.filter(source=run.source_id, kind=PARENTS[kind], external_id__in=keys)
        parents = {row.external_id: row for row in found}
    return parents


def mark_missing(run: ListReading, kind: str) -> None:
    """Mark the items that a whole list no longer contains. A directory stays, as products may still name it."""
    if kind in {Kind.COMPANY, Kind.PERSON, Kind.PRODUCT}:
        gone = MovedItem.objects.filter(source=run.source_id, kind=kind, missing_since__isnull=True)
        gone.exclude(seen_by=run).update(missing_since=ports.now())
