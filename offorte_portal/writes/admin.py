"""The change log: every write to Offorte, who asked for it, and its outcome."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from offorte_portal.adminkit import columns
from offorte_portal.adminkit import operations as operation_words
from offorte_portal.adminkit.changelist import PlainChangeList
from offorte_portal.adminkit.paginator import ListPaginator
from offorte_portal.adminkit.readonly import ReadOnlyAdmin
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.adminkit.words import starter
from offorte_portal.mirror import search
from offorte_portal.writes.models import Operation
from offorte_portal.writes.pages import filters as operation_filters
from offorte_portal.writes.pages.page import operation_context
from offorte_portal.writes.rights import visible_operations

# How many fields and characters of a value the list shows.
MOST_FIELDS = 3
LONGEST = 40


class OperationList(PlainChangeList):
    """The list of operations, with the names that the ids in their values stand for."""

    def show_page(self, paginator: ListPaginator) -> None:
        super().show_page(paginator)
        values = [(row.connection_id, each) for row in self.result_list for each in (row.draft, row.before)]
        known = operation_words.find_names(values)
        for row in self.result_list:
            row.known_names = known


def _cut(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(LONGEST) or columns.UNKNOWN


def _line() -> SafeString:
    return format_html(
        '<li dir="auto">{{}}: <span class="second">{{}}</span> <span aria-hidden="true">→</span>'
        '<span class="visually-hidden">{}</span> <b>{{}}</b></li>',
        _("becomes"),
    )


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin[Operation]):
    """A read-only admin; cancel, retry, decide and undo are POST views of their own (`writes/pages/views.py`)."""

    list_title = _("Change log")
    list_display = ("title", "changes", "state_pill", "reason_text", "record_link", "job_link", "asked", "asker")
    list_filter = operation_filters.ALL
    list_related = ("requested_by",)
    record_related = ("connection", "requested_by", "job__job", "undoes", "after")
    list_unread = ("search_text", "expected", "conflicts", "field_errors", "answer")
    search_fields = ("search_text",)
    search_help_text = _("Name")
    card_columns = ("changes", "state_pill", "asked")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Operation]:
        """Return the operations that the person may see."""
        return visible_operations(staff_user(request)).order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Operation], search_term: str
    ) -> tuple[QuerySet[Operation], bool]:
        """Return the changes of records whose names hold every word, in any spelling."""
        return search.scan(queryset, search_term), False

    @admin.display(description=_("Change"), ordering="id")
    def title(self, operation: Operation) -> SafeString:
        """Return the object's name; below it what is done and, if several accounts are shown, the account."""
        name = operation.label or operation_words.title(operation)
        return columns.two_lines(name, [operation_words.title(operation), columns.account_label(operation)])

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OperationList

    @admin.display(description=_("Changes"))
    def changes(self, operation: Operation) -> SafeString | str:
        """Return the first fields with their values before and after."""
        found = operation_words.list_changes(operation, getattr(operation, "known_names", {}))
        lines = [(each.label, _cut(each.before), _cut(each.after)) for each in found[:MOST_FIELDS]]
        if not lines:
            return columns.nothing()
        more = ngettext("and %(count)d more", "and %(count)d more", len(found) - MOST_FIELDS)
        shown = format_html_join("", _line(), lines)
        rest = format_html("<li>{}</li>", more % {"count": len(found) - MOST_FIELDS}) if found[MOST_FIELDS:] else ""
        return format_html('<ul class="field-changes">{}{}</ul>', shown, rest)

    @admin.display(description=_("Record"))
    def record_link(self, operation: Operation) -> SafeString | str:
        """Return a link to the record that it is about."""
        if operation.remote_id is None or operation.target not in operation_filters.TARGETS:
            return columns.nothing()
        url = reverse("operation_record", args=[operation.pk])
        return format_html('<a href="{}">{}</a>', url, capfirst(operation_words.target_name(operation.target)))

    @admin.display(description=_("State"))
    def state_pill(self, operation: Operation) -> SafeString:
        return columns.pill(operation_words.PILLS[Operation.State(operation.state)], operation.get_state_display())

    @admin.display(description=_("Reason"))
    def reason_text(self, operation: Operation) -> SafeString | str:
        """Return the reason for its state, cut short."""
        return Truncator(operation_words.describe_reason(operation)).chars(60) or columns.nothing()

    @admin.display(description=_("Bulk job"))
    def job_link(self, operation: Operation) -> SafeString | str:
        """Return the number of its job."""
        return f"#{operation.job_id}" if operation.job_id else columns.nothing()

    @admin.display(description=_("Requested"))
    def asked(self, operation: Operation) -> SafeString:
        """Return how long ago it was asked for."""
        return portal.ago(operation.created_at)

    @admin.display(description=_("Requested by"))
    def asker(self, operation: Operation) -> SafeString:
        """Return the avatar of the person who asked for it."""
        return portal.avatar(starter(operation))

    def record_context(self, request: HttpRequest, obj: Operation) -> dict[str, Any]:
        return operation_context(request, obj)
