"""The admin of staff: the list, and the URLs of the pages about a person."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.templatetags import portal
from offorte_portal.mirror import search
from offorte_portal.staff import invitations, rights, security_log
from offorte_portal.staff.admin import member_actions, member_links, member_page
from offorte_portal.staff.admin.roles import list_roles
from offorte_portal.staff.confirmation import confirmed, confirmed_post
from offorte_portal.staff.models import OfforteUserLink
from offorte_portal.staff.models.names import with_login
from offorte_portal.staff.security_log import Kind

# Django registers its own admin when that is imported, as above.
admin.site.unregister(User)


class LinkedFilter(admin.SimpleListFilter):
    """Filters by whether people are linked to an Offorte user in any account."""

    title = gettext_lazy("Offorte user")
    parameter_name = "linked"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Linked")), ("no", _("Not linked"))]

    def queryset(self, request: Any, queryset: QuerySet[User]) -> QuerySet[User]:
        links = Exists(OfforteUserLink.objects.filter(user=OuterRef("pk")))
        match self.value():
            case "yes":
                return queryset.filter(links)
            case "no":
                return queryset.exclude(links)
        return queryset


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    """Lets nobody change a person who has more rights, or grant rights that they lack themselves."""

    list_display = ["name", "roles", "offorte_users", "state", "signed_in"]
    list_filter = [LinkedFilter, "is_active", "groups"]
    search_fields = ["username", "first_name", "last_name", "email"]
    card_columns = ("roles", "state")
    ordering = ["first_name", "last_name", "username"]
    change_list_template = "staff/list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Return the users with their groups and links, for the list."""
        links = Prefetch("offorte_links", OfforteUserLink.objects.select_related("connection"))
        return super().get_queryset(request).prefetch_related("groups", links)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Return the people whose names and addresses hold every word, in any spelling."""
        return search.sift(queryset, self.search_fields, search_term), False

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs of what is done on the page of a person, and of linking many."""
        wrap = self.admin_site.admin_view
        views = {
            "invite": member_actions.invite,
            "sign-out": member_actions.sign_out,
            "second-factor": member_actions.reset_second_factor,
        }
        urls = [
            path(f"<int:pk>/{name}/", wrap(confirmed_post(view)), name=f"auth_user_{name.replace('-', '_')}")
            for name, view in views.items()
        ]
        links = path("links/", wrap(confirmed_post(member_links.links)), name="auth_user_links")
        return [links, *urls, *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False for people with more rights: who sets their e-mail address could reset their password."""
        return super().has_change_permission(request, obj) and (obj is None or rights.may_manage(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False for people with more rights, as for changing them."""
        return super().has_delete_permission(request, obj) and (obj is None or rights.may_manage(request.user, obj))

    @method_decorator(confirmed_post)
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the list; ask for the user's own password or a passkey before deleting many."""
        add = {"url": reverse("admin:auth_user_add"), "label": _("Add a member of staff")}
        shown = {"primary_action": add} if self.has_add_permission(request) else {}
        return super().changelist_view(request, shown | (extra_context or {}))

    @method_decorator(confirmed)
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Ask for the user's own password or a passkey first."""
        return super().delete_view(request, object_id, extra_context)

    @method_decorator(confirmed)
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Ask for the user's own password or a passkey first, and log that the person's password was changed."""
        response = super().user_change_password(request, id, form_url)
        if isinstance(response, HttpResponseRedirect) and response.url != request.get_full_path():
            user = self.get_object(request, unquote(id))
            security_log.record(Kind.PASSWORD_CHANGED, request=request, about=user)
        return response

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask for the user's own password or a passkey first: an added account can be used to get in later."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return cast(HttpResponse, confirmed(member_page.add)(request, self))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the person, or take a form after the password or a passkey. Raises Http404 or PermissionDenied."""
        user = self.get_object(request, unquote(object_id))
        if user is None:
            raise Http404
        if not self.has_view_or_change_permission(request, user):
            raise PermissionDenied
        return cast(HttpResponse, confirmed_post(member_page.change)(request, self, user))

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete the person, and log it."""
        security_log.record(Kind.STAFF_REMOVED, request=request, removed=with_login(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete each person by `delete_model`, which logs it."""
        for user in queryset:
            self.delete_model(request, user)

    @admin.display(description=gettext_lazy("Name"), ordering="first_name")
    def name(self, user: User) -> SafeString:
        """Return the person's name, with the address below it, or the username where the address is the name."""
        address = user.email or _("No e-mail address")
        return columns.two_lines(user, [user.get_username() if address == str(user) else address])

    @admin.display(description=gettext_lazy("Role"))
    def roles(self, user: User) -> SafeString | str:
        return columns.text(list_roles(user))

    @admin.display(description=gettext_lazy("Offorte user"))
    def offorte_users(self, user: User) -> SafeString | str:
        """Return the person's Offorte user, or users with their accounts where there are several."""
        links = list(user.offorte_links.all())
        if not links:
            return format_html('<span class="second">{}</span>', _("Not linked"))
        return ", ".join(str(link) if len(links) == 1 else f"{link} ({link.connection})" for link in links)

    @admin.display(description=gettext_lazy("State"))
    def state(self, user: User) -> SafeString:
        """Return whether the person can sign in, and ever has."""
        if not (user.is_active and user.is_staff):
            return columns.pill("bad", _("Can’t sign in"))
        return (
            columns.pill("warn", _("Not signed in yet"))
            if invitations.is_waiting(user)
            else columns.pill("good", _("Active"))
        )

    @admin.display(description=gettext_lazy("Last sign-in"), ordering="last_login")
    def signed_in(self, user: User) -> SafeString | str:
        return portal.ago(user.last_login) if user.last_login else columns.nothing()
