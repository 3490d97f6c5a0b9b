"""Adapts allauth: only staff sign in, nobody signs up, and the security log records what happens."""

from ipaddress import ip_address
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.staff import languages, security_log, sessions, sign_in_limits


class StaffAccountAdapter(DefaultAccountAdapter):
    """Lets only staff sign in; administrators create their accounts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("The username, e-mail address or password is incorrect."),
        "username_password_mismatch": gettext_lazy("The username, e-mail address or password is incorrect."),
        "enter_current_password": gettext_lazy("This is not your current password."),
        "incorrect_password": gettext_lazy("This password is incorrect."),
        "rate_limited": gettext_lazy("Too many requests. Try again later."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Return whether the URL is on the portal's own host, rather than another one in ALLOWED_HOSTS."""
        return url_has_allowed_host_and_scheme(url, {context.request.get_host()}, context.request.is_secure())

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address, with IPv4 that is written as IPv6 as IPv4: all of it would be one network."""
        address = ip_address(super().get_client_ip(request))
        return str(getattr(address, "ipv4_mapped", None) or address)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Offer the password and passkeys, but not a six-digit code, which alone proves too little."""
        methods = []
        if user.has_usable_password():
            methods.append(
                {
                    "id": "reauthenticate",
                    "description": _("Use your password"),
                    "url": reverse("account_reauthenticate"),
                }
            )
        if is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]):
            url = reverse("mfa_reauthenticate_webauthn")
            methods.append({"id": "mfa_reauthenticate:webauthn", "description": _("Use a passkey"), "url": url})
        return methods

    def reauthenticate(self, user: User, password: str) -> bool:
        """Check the password of this user, and not of another one whose e-mail address equals the username."""
        credentials = {"username": user.get_username()}
        self.pre_authenticate(context.request, **credentials)
        is_right = user.check_password(password)
        if is_right:
            self._rollback_login_failed_rl_usage()
        else:
            self.authentication_failed(context.request, **credentials)
        return is_right

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt. Raises ValidationError after too many."""
        login = credentials.get("username") or credentials.get("email") or ""
        self._attempt = sign_in_limits.try_password(request, login)
        if not self._attempt.count():
            security_log.record_failure(request, login=login, about=self._attempt.user, reason="limited")
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        self._attempt.take_back()

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        login = credentials.get("username") or credentials.get("email") or ""
        security_log.record_failure(request, login=login, about=self._attempt.user, reason="password")

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if not user.is_staff or not user.is_active:
            reason = "inactive" if user.is_staff else "not_staff"
            security_log.record_failure(request, login=user.get_username(), about=user, reason=reason)
        if not user.is_staff:
            messages.error(
                request, _("Your account doesn’t have access to this portal. Ask an administrator for access.")
            )
            return redirect("account_login")
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = cast(HttpResponse, super().post_login(request, user, **kwargs))
        request.session[sessions.LISTED] = True
        sign_in_limits.remember_browser(request, response, user)
        languages.keep_first(user)
        return response

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Build the link from PORTAL_URL, because a request can name any host."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.PORTAL_URL + path.replace("UID-KEY", key)
