"""The lists of templates and automation sets, and of the account's users."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit import columns, records
from offorte_portal.adminkit.admin import MirrorAdmin, Row
from offorte_portal.adminkit.html import mail_link, phone_link
from proposals.models import (
    AccountUser,
    AutomationSet,
    DesignTemplate,
    EmailTemplate,
    NamedRow,
    ProposalTemplate,
    TextTemplate,
)


class NamedAdmin(MirrorAdmin[Row]):
    """A short list of objects of which Offorte sends little more than the name."""

    list_display = ["title", "remote_id"]
    list_only: ClassVar[tuple[str, ...]] = ("name",)
    search_fields = ["name"]
    ordering = ("name",)

    def record_context(self, request: HttpRequest, obj: Row) -> dict[str, Any]:
        return records.simple_context(request, obj, "remote_id")

    @admin.display(description=_("name"), ordering="name")
    def title(self, row: NamedRow) -> SafeString:
        """Return the name, with the account's label where the list shows several."""
        return columns.two_lines(row, [columns.account_label(row)])


@admin.register(DesignTemplate, TextTemplate, EmailTemplate, AutomationSet)
class NamedRowAdmin(NamedAdmin[NamedRow]):
    """Design, text and e-mail templates and automation sets."""


@admin.register(ProposalTemplate)
class ProposalTemplateAdmin(NamedAdmin[ProposalTemplate]):
    """Favourites that new proposals start from."""

    list_display = ["title", "type", "remote_id"]
    list_only = ("name", "type")
    card_columns = ("type",)

    def record_context(self, request: HttpRequest, obj: ProposalTemplate) -> dict[str, Any]:
        return records.simple_context(request, obj, "type", "config_language_id", "proposal_tpl_id", "remote_id")


@admin.register(AccountUser)
class AccountUserAdmin(MirrorAdmin[AccountUser]):
    """Users of the Offorte accounts."""

    list_display = ("title", "email", "phone")
    list_only = ("firstname", "lastname", "email", "phone", "jobtitle")
    search_fields = ("firstname", "lastname", "email", "jobtitle")
    ordering = ("firstname",)
    card_columns = ("email",)

    def record_context(self, request: HttpRequest, obj: AccountUser) -> dict[str, Any]:
        links = records.link_facts(obj, {"email": mail_link, "phone": phone_link})
        facts = [*records.field_facts(obj, "jobtitle"), *links, *records.field_facts(obj, "remote_id")]
        return {**records.shared_context(request, obj), "facts": facts}

    @admin.display(description=_("name"), ordering="firstname")
    def title(self, user: AccountUser) -> SafeString:
        """Return the name, with job title and account on a second line."""
        return columns.two_lines(user, [user.jobtitle, columns.account_label(user)])
