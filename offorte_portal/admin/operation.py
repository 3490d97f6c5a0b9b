"""The audit log: every write to Offorte, who asked for it, and what became of it."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from offorte_portal.admin import operation_filters
from offorte_portal.adminkit import columns, operation_words
from offorte_portal.adminkit.plain_list import PlainListAdmin
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.adminkit.visibility import visible_operations
from offorte_portal.jobs.pages import words as job_words
from offorte_portal.models import Operation
from offorte_portal.writes.pages.page import operation_context


@admin.register(Operation)
class OperationAdmin(PlainListAdmin[Operation]):
    """To be looked at; what is asked of a write is a POST of its own (`views/operations.py`)."""

    list_display = ("title", "state_pill", "reason_text", "job_link", "asked", "asker")
    list_filter = operation_filters.ALL
    list_related = ("requested_by",)
    list_unread = ("draft", "before", "expected", "conflicts", "field_errors", "answer")
    search_fields = ("label",)
    search_help_text = _("Name")
    card_columns = ("state_pill", "asked")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Operation]:
        """What one asked for oneself, or everything."""
        return visible_operations(cast(User, request.user)).order_by(*self.ordering)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Operation | None:
        """With all that its page shows."""
        related = ("connection", "requested_by", "job", "undoes", "after")
        try:
            return self.get_queryset(request).select_related(*related).filter(pk=object_id).first()
        except (ValueError, OverflowError):
            return None

    @admin.display(description=_("Write"), ordering="id")
    def title(self, operation: Operation) -> SafeString:
        """What it is about; below it what is done and, where several are shown, the account."""
        name = operation.label or operation_words.title(operation)
        return columns.two_lines(name, [operation_words.title(operation), columns.account_label(operation)])

    @admin.display(description=_("State"))
    def state_pill(self, operation: Operation) -> SafeString:
        """The state in its colour."""
        return columns.pill(operation_words.PILLS[Operation.State(operation.state)], operation.get_state_display())

    @admin.display(description=_("Reason"))
    def reason_text(self, operation: Operation) -> SafeString | str:
        """Why it is where it is, cut short."""
        return Truncator(operation_words.describe_reason(operation)).chars(60) or columns.nothing()

    @admin.display(description=_("Job"))
    def job_link(self, operation: Operation) -> SafeString | str:
        """The job that it belongs to."""
        return f"#{operation.job_id}" if operation.job_id else columns.nothing()

    @admin.display(description=_("Asked"))
    def asked(self, operation: Operation) -> SafeString:
        """How long ago."""
        return portal.ago(operation.created_at)

    @admin.display(description=_("Asked by"))
    def asker(self, operation: Operation) -> SafeString:
        """Whose wish it was."""
        return portal.avatar(job_words.starter(operation))

    def record_context(self, request: HttpRequest, obj: Operation) -> dict[str, Any]:
        """The write's page."""
        return operation_context(request, obj)
