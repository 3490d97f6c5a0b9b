"""The admin site: sign-in by allauth, a second factor where it is required, no technical models."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(admin.AdminSite):
    """The portal's only admin site, at the root of the address."""

    site_title = "Offorte Portal"
    site_header = "Offorte Portal"
    index_title = _("Home")
    site_url = None
    enable_nav_sidebar = False
    empty_value_display = "—"

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the person may use the admin: active staff, with a second factor when it is required."""
        return super().has_permission(request) and not lacks_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to allauth's sign-in, or to setting up the second factor that they lack."""
        if super().has_permission(request) and lacks_second_factor(request):
            messages.warning(request, _("Set up two-factor authentication first. The portal requires it."))
            return redirect("mfa_index")
        return _guarded_login(request, self, extra_context)

    def password_change(  # type: ignore[override]  # Django's always renders
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to allauth's page, the only one that counts attempts."""
        return redirect("account_change_password")


def lacks_second_factor(request: HttpRequest) -> bool:
    """Return whether a second factor is required and the signed-in person has none."""
    if not settings.PORTAL_REQUIRE_MFA:
        return False
    known: bool | None = getattr(request, "_portal_has_mfa", None)
    if known is None:
        known = is_mfa_enabled(request.user)
        request._portal_has_mfa = known  # type: ignore[attr-defined]
    return not known


def _login(request: HttpRequest, site: PortalAdminSite, extra_context: dict[str, Any] | None) -> HttpResponse:
    return admin.AdminSite.login(site, request, extra_context)


_guarded_login: Callable[..., HttpResponse] = secure_admin_login(_login)
