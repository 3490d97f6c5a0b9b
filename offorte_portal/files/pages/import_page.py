"""What the pages of an import show: counts, rows, the file of what could not be taken, an example."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.files.imports.importing import FAILED, count_outcomes, reason_of
from offorte_portal.files.models import Upload, UploadRow

PER_PAGE = 50
Outcome = UploadRow.Outcome
LISTS = {
    Upload.Kind.COMPANIES: "admin:contacts_company_changelist",
    Upload.Kind.PEOPLE: "admin:contacts_person_changelist",
    Upload.Kind.PRODUCTS: "admin:catalog_product_changelist",
}
TITLES = {
    Upload.Kind.COMPANIES: gettext_lazy("Import companies"),
    Upload.Kind.PEOPLE: gettext_lazy("Import people"),
    Upload.Kind.PRODUCTS: gettext_lazy("Import products"),
}


@dataclass(frozen=True)
class OutcomeTab:
    """One of the tabs above the rows."""

    value: str
    label: str
    count: int
    is_active: bool


def tabs(upload: Upload, wanted: str) -> list[OutcomeTab]:
    """The outcomes with their counts; the wanted one is active, else the first with a row."""
    counts = count_outcomes(upload)
    active = wanted if wanted in Outcome.values else next((one for one in Outcome.values if counts[one]), Outcome.NEW)
    return [OutcomeTab(value, str(label), counts[value], value == active) for value, label in Outcome.choices]


def page_of(upload: Upload, outcome: str, number: str) -> Any:
    """A page of the rows with an outcome."""
    return Paginator(upload.rows.filter(outcome=outcome).order_by("number"), PER_PAGE).get_page(number)


def troubled(upload: Upload) -> QuerySet[UploadRow]:
    """The rows that could not be taken: by what is in them, or because Offorte or a person stopped them."""
    failed = Q(operation__state__in=FAILED)
    return upload.rows.filter(Q(outcome=Outcome.PROBLEM) | failed).select_related("operation").order_by("number")


def troubled_rows(upload: Upload) -> tuple[list[str], Iterator[list[str]]]:
    """Header and rows of a file with what could not be taken and why: to be corrected and uploaded again."""
    added = [_("Row in the file"), _("Reason")]
    # Of a file that was corrected before, the old reasons go.
    kept = [index for index, name in enumerate(upload.header) if name not in added]
    header = [*(upload.header[index] for index in kept), *added]
    rows = ([*(row.cells[index] for index in kept), str(row.number), reason_of(row)] for row in troubled(upload))
    return header, rows
