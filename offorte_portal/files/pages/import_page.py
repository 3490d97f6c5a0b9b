"""What the pages of an import show: tabs with counts, and the rows that were not imported."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from offorte_portal.files.imports.importing import FAILED, WRITTEN, count_outcomes
from offorte_portal.files.models import Upload, UploadRow

Outcome = UploadRow.Outcome
LISTS = {
    Upload.Kind.COMPANIES: "admin:contacts_company_changelist",
    Upload.Kind.PEOPLE: "admin:contacts_person_changelist",
    Upload.Kind.PRODUCTS: "admin:catalog_product_changelist",
    Upload.Kind.STATUSES: "admin:proposals_proposal_changelist",
}
TITLES = {
    Upload.Kind.COMPANIES: gettext_lazy("Import companies"),
    Upload.Kind.PEOPLE: gettext_lazy("Import people"),
    Upload.Kind.PRODUCTS: gettext_lazy("Import products"),
    Upload.Kind.STATUSES: gettext_lazy("Import proposal statuses"),
}


@dataclass(frozen=True)
class OutcomeTab:
    """A tab above the rows."""

    value: str
    label: str
    count: int
    is_active: bool


def tabs(upload: Upload, wanted: str) -> list[OutcomeTab]:
    """Return a tab for each outcome that the file can have; the `wanted` one is active, else the first with rows."""
    counts = count_outcomes(upload)
    hidden = {Outcome.NEW} if upload.kind == Upload.Kind.STATUSES else set()
    hidden |= set() if counts[Outcome.LEFT_OUT] else {Outcome.LEFT_OUT}
    shown = {value: label for value, label in Outcome.choices if value not in hidden}
    active = wanted if wanted in shown else next((value for value in shown if counts[value]), next(iter(shown)))
    return [OutcomeTab(value, str(label), counts[value], value == active) for value, label in shown.items()]


def count_included(upload: Upload) -> int:
    """Return how many rows the import would write, or has begun to write."""
    return upload.rows.filter(outcome__in=WRITTEN, is_ticked=True).count()


def troubled(upload: Upload) -> QuerySet[UploadRow]:
    """Return the rows with a problem, and those whose operation is in one of the `FAILED` states."""
    failed = Q(operation__state__in=FAILED)
    return upload.rows.filter(Q(outcome=Outcome.PROBLEM) | failed).select_related("operation").order_by("number")
