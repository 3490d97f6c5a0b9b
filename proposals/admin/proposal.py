"""The list of proposals."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal import ports
from offorte_portal.adminkit import columns
from offorte_portal.adminkit.admin import MirrorAdmin
from offorte_portal.adminkit.changelist import FilteredChangeList
from offorte_portal.adminkit.moments import naturaltime
from offorte_portal.adminkit.record_hooks import Tab
from offorte_portal.adminkit.templatetags import portal
from proposals.admin import filters
from proposals.admin.columns import MORE_COLUMNS
from proposals.admin.record import RELATED, proposal_context
from proposals.admin.tabs import build_tabs
from proposals.forms import ProposalForm, receivers_of
from proposals.models import Proposal

# Details of open proposals are read again at least once a day: see `sync/reading`.
OUT_OF_DATE = timedelta(days=2)


def describe_age(proposal: Proposal) -> str:
    """Return when the details of an open proposal or one in edit were read, if they are out of date; else ""."""
    read_at = proposal.details_as_of
    is_ongoing = proposal.status in {Proposal.Status.OPEN, Proposal.Status.EDIT}
    if not is_ongoing or read_at is None or read_at > ports.now() - OUT_OF_DATE:
        return ""
    return _("details read %(ago)s") % {"ago": naturaltime(read_at)}


@admin.register(Proposal)
class ProposalAdmin(MirrorAdmin[Proposal]):
    """Proposals of all accounts, searched and filtered in milliseconds."""

    list_display = ("title", "status_pill", "total", "views", "last_seen", "open_for", "owner_avatar")
    list_only = (
        "name",
        "number",
        "status",
        "company_name",
        "company__name",
        "company__remote_id",
        "price_total",
        "price_total_display",
        "view_count",
        "viewed_at",
        "remote_created_at",
        "details_as_of",
        "owner_name",
        "owner__firstname",
        "owner__lastname",
        "owner__email",
        "owner__remote_id",
    )
    more_columns = MORE_COLUMNS
    list_filter = filters.ALL
    search_fields = ("search_text",)
    search_help_text = gettext_lazy("Number, name, company, e-mail")
    card_columns = ("status_pill", "total")
    record_related = RELATED
    record_form = ProposalForm
    # New proposals are composed from templates, on a page of its own.
    can_create = False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.receivers_view)
        return [path("receivers/", view, name="proposals_proposal_receivers"), *super().get_urls()]

    def receivers_view(self, request: HttpRequest) -> HttpResponse:
        """Return the people of a company who have an e-mail address, as check boxes."""
        if not (self.has_change_permission(request) and request.user.has_perm("contacts.view_person")):
            raise PermissionDenied
        account = request.GET.get("account", "")
        connection = int(account) if account.isascii() and account.isdecimal() and len(account) < 19 else 0
        people = receivers_of(connection, request.GET.get("company_id"))
        return render(request, "proposals/_receiver_options.html", {"people": people})

    def deletion_notes(self, request: HttpRequest, obj: Proposal) -> list[str]:
        return [_("Recipients can no longer open it. Its comments, views and e-mails are deleted too.")]

    def tabs(self, request: HttpRequest, changelist: FilteredChangeList) -> list[Tab]:
        return build_tabs(request, changelist)

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """Add the button for a new proposal, which is composed on a page of its own."""
        may_compose = request.user.has_perm("proposals.add_proposal")
        action = {"url": reverse("compose_new"), "label": _("New proposal")} if may_compose else None
        from_file = {"file_url": reverse("compose_many") if may_compose else ""}
        statuses = {
            "statuses_url": reverse("upload_new", args=["statuses"]) if self.has_change_permission(request) else ""
        }
        return {**super().list_context(request, changelist), "primary_action": action, **from_file, **statuses}

    def record_context(self, request: HttpRequest, obj: Proposal) -> dict[str, Any]:
        return proposal_context(request, obj)

    @admin.display(description=gettext_lazy("Proposal"), ordering="name_key")
    def title(self, proposal: Proposal) -> SafeString:
        """Return the name, with number, company, account and the age of outdated details on a second line."""
        company = str(proposal.company) if proposal.company else proposal.company_name
        account = columns.account_label(proposal)
        return columns.two_lines(proposal, [proposal.number, company, account, describe_age(proposal)])

    @admin.display(description=gettext_lazy("Status"))
    def status_pill(self, proposal: Proposal) -> SafeString:
        if not proposal.status:
            return columns.unknown()
        return columns.pill(proposal.status, proposal.get_status_display())

    @admin.display(description=gettext_lazy("Total"), ordering="price_total")
    def total(self, proposal: Proposal) -> SafeString:
        """Return the amount, or a dash where it is unknown."""
        if proposal.price_total is None:
            return columns.unknown()
        return portal.money(proposal.price_total, proposal.price_total_display)

    @admin.display(description=gettext_lazy("Views"), ordering="view_count")
    def views(self, proposal: Proposal) -> SafeString:
        return columns.number(proposal.view_count)

    @admin.display(description=gettext_lazy("Last seen"), ordering="viewed_at")
    def last_seen(self, proposal: Proposal) -> SafeString | str:
        """Return when the prospect last looked."""
        if proposal.viewed_at is None and proposal.view_count == 0:
            return _("not seen")
        return portal.ago(proposal.viewed_at)

    @admin.display(description=gettext_lazy("Open for"), ordering="remote_created_at")
    def open_for(self, proposal: Proposal) -> SafeString | str:
        """Return the days since the proposal was created, while it is open."""
        if proposal.status != Proposal.Status.OPEN:
            return columns.nothing()
        return columns.days_since(proposal.remote_created_at)

    @admin.display(description=gettext_lazy("Owner"))
    def owner_avatar(self, proposal: Proposal) -> SafeString:
        """Return the owner's initials."""
        owner: Any = proposal.owner or proposal.owner_name
        return portal.avatar(str(owner)) if owner else columns.unknown()
