"""Records in the security log what allauth and Django signal: sign-ins, second factors, passwords."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from offorte_portal.staff import security_log, sessions, sign_in_limits
from offorte_portal.staff.security_log import Kind

View = Callable[..., HttpResponseBase]


@receiver(user_logged_in)
def log_sign_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record a sign-in with the methods that were used: `password`, `totp`, `webauthn`, `recovery_codes`."""
    records = get_authentication_records(request, user)
    methods = [record.get("type") or record["method"] for record in records]
    security_log.record(Kind.SIGNED_IN, by=user, request=request, methods=methods)


@receiver(user_logged_out)
def log_sign_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        security_log.record(Kind.SIGNED_OUT, by=user, request=request)


@receiver([password_changed, password_set])
def log_password_change(request: HttpRequest, user: User, **kwargs: Any) -> None:
    security_log.record(Kind.PASSWORD_CHANGED, by=user, request=request)


@receiver(password_reset)
def log_password_reset(request: HttpRequest, user: User, **kwargs: Any) -> None:
    sign_in_limits.forget_failures(request, user)
    security_log.record(Kind.PASSWORD_RESET, by=user, request=request)


@receiver(authenticator_added)
def log_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    kinds = {"webauthn": Kind.PASSKEY_ADDED, "recovery_codes": Kind.RECOVERY_CODES_MADE}
    kind = kinds.get(authenticator.type, Kind.SECOND_FACTOR_ADDED)
    security_log.record(kind, by=user, request=request, type=str(authenticator.type))


@receiver(authenticator_removed)
def log_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    is_passkey = authenticator.type == Authenticator.Type.WEBAUTHN
    kind = Kind.PASSKEY_REMOVED if is_passkey else Kind.SECOND_FACTOR_REMOVED
    security_log.record(kind, by=user, request=request, type=str(authenticator.type))


@receiver(authenticator_reset)
def log_new_recovery_codes(request: HttpRequest, user: User, **kwargs: Any) -> None:
    security_log.record(Kind.RECOVERY_CODES_MADE, by=user, request=request)


@receiver(post_save, sender=User)
def end_sessions_of_former_staff(instance: User, created: bool, **kwargs: Any) -> None:
    """End the sessions, which would work again once the person is made active again."""
    if created or (instance.is_active and instance.is_staff):
        return
    if count := sessions.end_all(instance):
        security_log.record(Kind.SESSIONS_ENDED, about=instance, count=count, reason="deactivated")


def log_view_of_recovery_codes(view: View) -> View:
    """Wrap a view to record that it showed the recovery codes."""

    @wraps(view)
    def logged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            security_log.record(Kind.RECOVERY_CODES_VIEWED, request=request)
        return response

    return logged
