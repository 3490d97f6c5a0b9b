"""The confirm page of a bulk action: what it will do, to how many rows, which are left out and why."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.auth.models import User
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal import ports
from offorte_portal.adminkit.money import format_money
from offorte_portal.adminkit.records import Fact, fact
from offorte_portal.adminkit.selection import Chosen
from offorte_portal.adminkit.words import count_things, number
from offorte_portal.jobs import previews
from offorte_portal.jobs.action import Action, Options
from offorte_portal.jobs.action_forms import ActionForm
from offorte_portal.jobs.pages.bulk_actions import describe_value, is_deletion
from offorte_portal.jobs.results import Item, Preview
from offorte_portal.runs.reasons import put_into_words

SALT = "offorte_portal.confirm"
ROWS_A_PAGE = 50
# Their last step can't be undone, though the steps before it can.
ENDING_IN_DELETION = frozenset({"companies.merge"})


@dataclass(frozen=True)
class Table:
    """What becomes of the selected rows: a sample, or one page of all rows."""

    items: list[Item]
    number: int = 1
    has_more: bool = False

    @property
    def has_other_pages(self) -> bool:
        return self.number > 1 or self.has_more


@dataclass(frozen=True)
class Undo:
    """What the page says about undoing; with `is_final` a person has to confirm that they know that it can't be."""

    title: str
    text: str
    is_final: bool


def describe_undo(action: Action[Any]) -> Undo:
    """Return what the confirm page says about undoing the action."""
    if action.is_read:
        return Undo(_("Nothing changes in Offorte."), _("This only reads data."), is_final=False)
    if action.name in ENDING_IN_DELETION:
        text = _("You can move everything back until the emptied companies are deleted. Deleting them is permanent.")
        return Undo(_("This can’t be undone once it has finished."), text, is_final=True)
    if not action.is_undoable:
        return Undo(_("This can’t be undone."), _("Offorte has no way to reverse this."), is_final=True)
    if action.creates:
        kept = (
            _("Only proposals that are still in edit are deleted again.")
            if action.creates == "proposals"
            else _("Only records that haven’t been changed or used since are deleted.")
        )
        text = _("For 30 days, by anyone who has permission to delete these.") + f" {kept}"
        return Undo(_("This can be undone."), text, is_final=False)
    text = _("For 30 days, as long as the values haven’t been changed in Offorte since.")
    return Undo(_("This can be undone."), text, is_final=False)


def sign_preview(chosen: Chosen, options: Options, statuses: Mapping[int, str]) -> str:
    """Return a text that the page sends back, so that only what was shown can be confirmed."""
    held = {"d": digest(chosen, options), "s": [statuses.get(pk, "") for pk in chosen.keys] if statuses else []}
    return signing.dumps(held, salt=SALT, compress=True)


def read_preview(text: str, chosen: Chosen, options: Options) -> dict[int, str] | None:
    """Return the statuses that the preview showed; None if it was one of other rows or other options."""
    try:
        held: dict[str, Any] = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    if not constant_time_compare(held["d"], digest(chosen, options)):
        return None
    return dict(zip(chosen.keys, held["s"], strict=False))


def digest(chosen: Chosen, options: Options) -> str:
    """Return a digest of these rows and options."""
    content = json.dumps([chosen.keys, options], sort_keys=True, default=str)
    return salted_hmac(SALT, content, algorithm="sha256").hexdigest()


def read_items(form: ActionForm, by: User) -> Iterator[Item]:
    """Return what becomes of every selected row, lazily and in the selection's order."""
    return previews.items(form.action, form.chosen.keys, form.options, by)


def preview_context(form: ActionForm, preview: Preview, by: User, page: int) -> dict[str, Any]:
    """Return the part of the context of `jobs/new.html` that needs valid options."""
    action, table = form.action, Table(preview.sample)
    if form.shows_all:
        start = (page - 1) * ROWS_A_PAGE
        items = list(islice(read_items(form, by), start, start + ROWS_A_PAGE + 1))
        table = Table(items[:ROWS_A_PAGE], page, len(items) > ROWS_A_PAGE)
    return {
        "preview": preview,
        "table": table,
        "sentences": form.summarize(),
        "facts": describe_preview(preview),
        "reasons": [(put_into_words(reason), count) for reason, count in preview.reasons.items()],
        "warnings": preview.warnings,
        "undo": describe_undo(action),
        "account_counts": list(preview.accounts.items()),
        "is_dangerous": is_deletion(action),
        "confirm_label": _("%(action)s: %(count)s")
        % {"action": action.label, "count": count_things(action.model, preview.included)},
        "seen": sign_preview(form.chosen, form.options, preview.statuses),
        "key": ports.new_uuid(),
    }


def describe_preview(preview: Preview) -> list[Fact]:
    """Return the figures of the side column."""
    facts = [
        fact(_("Selected"), number(preview.count)),
        fact(_("Included"), number(preview.included)),
    ]
    if left_out := preview.count - preview.included:
        facts.append(fact(_("Left out"), number(left_out)))
    if preview.value is not None:
        facts.append(fact(_("Value"), describe_value(format_money(preview.value), preview.value_unknown)))
    if preview.accounts:
        named = [f"{account} ({number(count)})" for account, count in preview.accounts.items()]
        facts.append(fact(ngettext("Account", "Accounts", len(named)), ", ".join(named)))
    if preview.requests:
        facts.append(fact(_("Estimated time"), describe_seconds(preview.seconds)))
    return facts


def describe_seconds(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes < 90:
        return ngettext("about %(count)d minute", "about %(count)d minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    return ngettext("about %(count)d hour", "about %(count)d hours", hours) % {"count": hours}
