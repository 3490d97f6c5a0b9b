"""The change log: every write to Offorte, who asked for it, and its outcome."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit import columns
from offorte_portal.adminkit import operations as operation_words
from offorte_portal.adminkit.readonly import ReadOnlyAdmin
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.adminkit.words import starter
from offorte_portal.mirror import search
from offorte_portal.writes.models import Operation
from offorte_portal.writes.pages import filters as operation_filters
from offorte_portal.writes.pages.page import operation_context
from offorte_portal.writes.rights import visible_operations


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin[Operation]):
    """A read-only admin; cancel, retry, decide and undo are POST views of their own (`writes/pages/views.py`)."""

    list_title = _("Change log")
    list_display = ("title", "state_pill", "reason_text", "job_link", "asked", "asker")
    list_filter = operation_filters.ALL
    list_related = ("requested_by",)
    record_related = ("connection", "requested_by", "job__job", "undoes", "after")
    list_unread = ("search_text", "draft", "before", "expected", "conflicts", "field_errors", "answer")
    search_fields = ("search_text",)
    search_help_text = _("Name")
    card_columns = ("state_pill", "asked")

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
