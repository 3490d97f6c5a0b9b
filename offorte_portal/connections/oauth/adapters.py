"""Adapters for allauth: Offorte accounts are connected, never a login; secrets of second factors are encrypted."""

from typing import Any, NoReturn, cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, ProviderException
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, User
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from offorte_portal.connections import connecting as connections
from offorte_portal.connections import hooks
from offorte_portal.connections.encryption import cipher
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.token_endpoint import Token
from offorte_portal.connections.reasons import ConnectionReason
from offorte_portal.runs.reasons import Reason, put_into_words

PERMISSION = "connections.authorise_connection"
# The errors that Offorte may send instead of a code (RFC 6749, 4.1.2.1), with the reason for the administrator.
_REASONS = {
    "unauthorized_client": ConnectionReason.APP_REFUSED,
    "invalid_request": ConnectionReason.REQUEST_NOT_UNDERSTOOD,
    "server_error": ConnectionReason.SERVER_ERROR,
    "temporarily_unavailable": ConnectionReason.NOT_AVAILABLE,
}


class OfforteConnectionAdapter(DefaultSocialAccountAdapter):
    """Stores the result of a handshake with Offorte on its Connection, and tells the administrator how it ended."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return an unsaved app per account, never offered as a login. The secret stays on the Connection."""
        connections = Connection.objects.filter(**({"account": provider} if provider else {}))
        return [
            SocialApp(
                provider="offorte",
                provider_id=connection.account,
                name=str(connection),
                client_id=connection.client_id,
                settings={"hidden": True},
            )
            for connection in connections
            if client_id in {None, connection.client_id}
        ]

    @sensitive_variables()
    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Store the token and redirect, so that allauth never continues with a login."""
        connection = Connection.objects.get(account=sociallogin.account.provider)
        person = cast("User", request.user)
        if not person.has_perm(PERMISSION):
            self._fail(request, connection, ConnectionReason.NOT_ALLOWED())
        carried = sociallogin.token
        token = Token(access=carried.token, refresh=carried.token_secret, expires_at=carried.expires_at)
        connections.connect(connection, token, by=person)
        pages = hooks.run([room.connected for room in hooks.ROOMS], connection, request)
        messages.success(
            request,
            _("%(account)s is connected. The first sync has started; your lists fill up within minutes.")
            % {"account": connection},
        )
        account = reverse("admin:connections_connection_change", args=[connection.pk])
        raise ImmediateHttpResponse(redirect(next(filter(None, pages), account)))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        """Show and store why it failed, and redirect away from the callback's URL.

        An answer that belongs to no handshake of this browser says nothing about the account: anybody can make the
        browser open the URL, or the person opened it twice. Nothing is stored, and only the person sees a message.
        """
        connection = Connection.objects.get(account=provider.sub_id)
        if "state" not in (extra_context or {}):
            if connection.is_connected:
                text = _("Nothing was changed: %(account)s is still connected. %(reason)s")
            else:
                text = _("%(account)s was not connected. %(reason)s")
            reason = put_into_words(ConnectionReason.STRAY_ANSWER())
            messages.warning(request, text % {"account": connection, "reason": reason})
            raise ImmediateHttpResponse(redirect("offorte_login", connection.account))
        self._fail(request, connection, _reason(request, error, exception))

    def _fail(self, request: HttpRequest, connection: Connection, reason: Reason) -> NoReturn:
        connections.note_failure(connection, reason)
        message = _("%(account)s was not connected. %(reason)s")
        messages.error(request, message % {"account": connection, "reason": put_into_words(reason)})
        raise ImmediateHttpResponse(redirect("offorte_login", connection.account))


def _reason(request: HttpRequest, error: str | None, exception: Exception | None) -> Reason:
    if error == AuthError.CANCELLED:
        return ConnectionReason.NOT_GRANTED()
    if isinstance(exception, ProviderException) and exception.args and isinstance(exception.args[0], Reason):
        return exception.args[0]
    return _REASONS.get(request.GET.get("error", ""), ConnectionReason.NOT_SAID_WHY)()


class EncryptedMFAAdapter(DefaultMFAAdapter):
    """Encrypts the secrets of second factors with the portal's keys, and names passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code or passkey is not valid. Try again."),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Return the name that the form of a new passkey begins with."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypt(encrypted_text.encode()).decode()
