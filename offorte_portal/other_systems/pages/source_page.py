"""The content of the page of a connection to another system."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from offorte_portal.adminkit.records import fact
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.connections.encryption import can_decrypt
from offorte_portal.other_systems.failing import next_try
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, QuoteImport, Source
from offorte_portal.other_systems.opening import is_enabled, read_notice, system_of
from offorte_portal.other_systems.pages.amounts import calibration_context
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems.interface import System
from offorte_portal.runs.reasons import put_into_words

PILLS = {Source.State.NEW: "info", Source.State.READY: "good", Source.State.FAILED: "bad"}
RUN_PILLS = {"queued": "info", "running": "info", "waiting": "warn", "done": "good", "failed": "bad"}
RECENT = 8


def source_context(request: HttpRequest, source: Source) -> dict[str, Any]:
    """Return the context of `other_systems/source.html`."""
    system = system_of(source)
    imports = list(source.imports.select_related("requested_by")[:RECENT])
    return {
        "source": source,
        "system": system,
        "notice": read_notice(system),
        "pill": PILLS[Source.State(source.state)],
        "reason": put_into_words(source.state_reason),
        "facts": _facts(source, system),
        "unknowns": [(_(unknown.what), _(unknown.how)) for unknown in system.unknowns],
        "statuses": list_statuses(source),
        "imports": imports,
        **calibration_context(source),
        "is_enabled": is_enabled(system),
        "has_lists": system.mover is not None,
        "switched_off": put_into_words(SourceReason.SWITCHED_OFF()),
        "may_import": request.user.has_perm("other_systems.import_source") and is_enabled(system),
        "may_change": request.user.has_perm("other_systems.change_source"),
        **import_context(imports[0] if imports else None),
    }


def import_context(run: QuoteImport | None) -> dict[str, Any]:
    """Return the context of the latest import, for the page and for the fragment that refreshes itself."""
    if run is None:
        return {"run": None}
    figures = {
        "seen": _("Found"),
        "new": _("New"),
        "changed": _("Changed"),
        "missing": _("No longer there"),
        "unreadable": _("Not read"),
        "requests": _("Requests"),
    }
    stages = {
        "list": _("Reading the list"),
        "details": _("Reading quotes"),
        "records": _("Reading customers"),
        "absences": _("Checking for deleted quotes"),
        "mapping": _("Processing quotes"),
        "matching": _("Matching customers"),
    }
    return {
        "run": run,
        "run_pill": RUN_PILLS.get(run.state, "edit"),
        "run_reason": put_into_words(run.reason),
        "run_problems": [put_into_words(problem) for problem in run.problems],
        "next_try": None if run.is_active else next_try(run),
        "figures": [(label, run.figures.get(name, 0)) for name, label in figures.items()],
        "stage": stages.get(str(run.checkpoint.get("stage", "list")), ""),
    }


def _facts(source: Source, system: System) -> list[Any]:
    open_matches = source.matches.filter(
        kind=PartyMatch.Kind.COMPANY, state__in=[PartyMatch.State.OPEN, PartyMatch.State.PROPOSED]
    )
    # Whether there is a secret and it can be decrypted; never the secret itself.
    if can_decrypt(source, "secret"):
        secret = _("stored and encrypted") if source.secret else _("none")
    else:
        secret = _("stored, but the portal can’t decrypt them")
    return [
        fact(_("System"), system.label),
        fact(_("Base URL"), source.base_url),
        fact(_("Credentials"), secret),
        fact(_("Automatic import"), source.get_interval_display()),
        fact(_("Last import"), portal.ago(source.imported_at) if source.imported_at else _("never")),
        fact(_("Tested"), portal.ago(source.tested_at) if source.tested_at else _("never")),
        fact(pgettext("of another system", "Quotes"), source.quotes.count()),
        fact(_("Customers to match"), open_matches.count()),
        *([fact(_("Layouts"), ", ".join(source.known_layouts))] if source.known_layouts else []),
        fact(_("Offorte account"), str(source.target) if source.target else _("any account")),
    ]


def list_statuses(source: Source) -> list[dict[str, Any]]:
    """Return the other system's statuses of the imported quotes, each with its mapped status and number of quotes."""
    found = source.quotes.values("status_text", "status").annotate(number=Count("pk")).order_by("status_text", "status")
    labels = dict(ImportedQuote.Status.choices)
    return [
        {"text": row["status_text"] or "—", "status": row["status"], "label": labels.get(row["status"], "—"),
         "number": row["number"]}
        for row in found.exclude(status="")
    ]  # fmt: skip
