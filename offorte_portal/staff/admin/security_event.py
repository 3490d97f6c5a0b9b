"""The admin of the security log, which can only be read."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.filters import ColumnFilter, DatesFilter
from offorte_portal.adminkit.filters.choices import ChoicesFilter
from offorte_portal.adminkit.readonly import ReadOnlyAdmin
from offorte_portal.adminkit.records import fact, field_facts
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.mirror import search
from offorte_portal.staff.models.security_event import Kind, SecurityEvent, kinds
from offorte_portal.staff.sessions import describe_browser

# The colours of events that an administrator should notice.
PILLS: dict[Kind, str] = {
    Kind.SIGN_IN_FAILED: "lost",
    Kind.SECOND_FACTOR_REMOVED: "warn",
    Kind.SECOND_FACTOR_RESET: "warn",
    Kind.PASSKEY_REMOVED: "warn",
    Kind.RECOVERY_CODES_VIEWED: "warn",
    Kind.ROLE_CHANGED: "warn",
    Kind.ADDRESS_CHANGED: "warn",
    Kind.PASSWORD_RESET: "warn",
}

_CODES: dict[str, str | Promise] = {
    # Reasons of a failed sign-in.
    "password": _("Wrong password"),
    "second_factor": _("Wrong code"),
    "passkey": _("Unknown passkey"),
    "limited": _("Too many attempts"),
    "inactive": _("Not active"),
    "not_staff": _("Not a member of staff"),
    "flood": _("Many different names and addresses"),
    "many_addresses": _("Many different IP addresses"),
    "unknown": _("Unknown address"),
    # Reasons why sessions were ended.
    "deactivated": _("Deactivated"),
    # Types of second factors.
    "totp": _("Authenticator app"),
    "webauthn": _("Passkey"),
    "recovery_codes": _("Recovery codes"),
}
_METHODS: dict[str, str | Promise] = _CODES | {
    "password": _("Password"),
    "recovery_codes": _("Recovery code"),
}


class KindFilter(ColumnFilter):
    title = _("Event")
    name = column = "kind"
    options = kinds()


class PersonFilter(ChoicesFilter):
    """Filters by the person who did it or it happened to."""

    title = _("Staff member")
    name = "person"

    def get_options(self) -> list[tuple[str, Any]]:
        named = [(str(user.pk), str(user)) for user in User.objects.all()]
        return sorted(named, key=lambda each: each[1].casefold())

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(Q(by=values[0]) | Q(about=values[0]))


class TimeFilter(DatesFilter):
    title = _("Time")
    name = "at"
    column = "happened_at"


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin[SecurityEvent]):
    """Shows the events, the newest first."""

    list_display = ("title", "who", "whom", "place", "times", "moment")
    list_filter = (KindFilter, PersonFilter, TimeFilter)
    list_related = record_related = ("by", "about")
    search_fields = (
        "by_name",
        "about_name",
        "address",
        *(f"{person}__{name}" for person in ("by", "about") for name in ("first_name", "last_name", "email")),
    )
    search_help_text = _("Name, IP address")
    card_columns = ("who", "place", "moment")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SecurityEvent], search_term: str
    ) -> tuple[QuerySet[SecurityEvent], bool]:
        """Return the events of people who are found by their names in any spelling, or from an address."""
        if not search_term.strip():
            return queryset, False
        events = SecurityEvent.objects.order_by()
        named = {name for column in ("by_name", "about_name") for (name,) in events.values_list(column).distinct()}
        found = [name for name in named if name and search.is_in(name, search_term)]
        people = search.sift(User.objects.all(), ("username", "first_name", "last_name", "email"), search_term)
        who = Q(by_name__in=found) | Q(about_name__in=found) | Q(by__in=people) | Q(about__in=people)
        return queryset.filter(who | Q(address__contains=search_term.strip().lower())), False

    @admin.display(description=_("Event"), ordering="id")
    def title(self, event: SecurityEvent) -> SafeString:
        """Return what happened, with the details below it."""
        pill = PILLS.get(Kind(event.kind)) if event.kind in Kind.values else None
        name = columns.pill(pill, event.get_kind_display()) if pill else event.get_kind_display()
        return columns.two_lines(name, describe_details(event.details))

    @admin.display(description=_("By"))
    def who(self, event: SecurityEvent) -> SafeString | str:
        """Return the name of the person who did it; of a failed sign-in, the name that was tried."""
        if event.kind == Kind.SIGN_IN_FAILED and not event.by_name:
            return _name(event.about, event.about_name) or columns.nothing()
        return _name(event.by, event.by_name) or columns.nothing()

    @admin.display(description=_("About"))
    def whom(self, event: SecurityEvent) -> SafeString | str:
        """Return the name of the person it happened to."""
        return _name(event.about, event.about_name) or columns.nothing()

    @admin.display(description=_("From"))
    def place(self, event: SecurityEvent) -> SafeString | str:
        """Return the IP address, with the browser below it."""
        if not event.address:
            return columns.nothing()
        return format_html('{}<span class="cell-sub">{}</span>', event.address, describe_browser(event.user_agent))

    @admin.display(description=_("Times"))
    def times(self, event: SecurityEvent) -> SafeString:
        """Return how often it happened within a minute."""
        return columns.number(event.count)

    @admin.display(description=_("When"))
    def moment(self, event: SecurityEvent) -> SafeString:
        return portal.ago(event.happened_at)

    def record_context(self, request: HttpRequest, obj: SecurityEvent) -> dict[str, Any]:
        details = describe_details(obj.details)
        facts = [
            *field_facts(obj, "happened_at"),
            *([fact(_("By"), _name(obj.by, obj.by_name))] if obj.by_name else []),
            *([fact(_("About"), _name(obj.about, obj.about_name))] if obj.about_name else []),
            *field_facts(obj, *(name for name in ("address", "user_agent") if getattr(obj, name))),
            *([fact(_("Details"), " · ".join(details))] if details else []),
        ]
        if obj.count > 1:
            text = ngettext("%(count)d time", "%(count)d times", obj.count) % {"count": obj.count}
            facts += [fact(_("Times"), text), *field_facts(obj, "last_at")]
        return {"event": obj, "facts": facts}


def _name(person: User | None, login: str) -> SafeString | str:
    """Return the person's name with the login of that time below it; the login alone where there is no other name."""
    if person is None or str(person) == login:
        return login
    return format_html('{}<span class="cell-sub">{}</span>', person, login)


def describe_details(details: dict[str, Any]) -> list[str]:
    """Describe the details of an event, one text for each; unknown ones are shown as they are."""
    return [text for name, value in details.items() if (text := _describe(name, value))]


def _describe(name: str, value: Any) -> str:
    match name:
        case "methods":
            return ", ".join(str(_METHODS.get(method, method)) for method in value)
        case "reason" | "type":
            return str(_CODES.get(value, value))
        case "count":
            return ngettext("%(count)d session", "%(count)d sessions", value) % {"count": value}
        case "via":
            return gettext("by the command %(name)s") % {"name": value}
        case "account" | "system" | "label":
            return str(value)
        case "before" | "after" | "added" | "removed":
            words = {
                "before": gettext("Before"),
                "after": gettext("After"),
                "added": gettext("Added"),
                "removed": gettext("Removed"),
            }
            return f"{words[name]}: {_join(value)}" if value else ""
    return f"{name}: {_join(value)}"


def _join(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
