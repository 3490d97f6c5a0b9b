"""How allauth connects Offorte accounts, which are never a login, and keeps the secrets of second factors."""

from typing import Any, NoReturn, cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, ProviderException
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_variables

from offorte_portal import sync
from offorte_portal.connections.oauth.token_endpoint import Token
from offorte_portal.models import Connection, SyncRun
from offorte_portal.models.encrypted import cipher
from offorte_portal.services import connection as connections
from offorte_portal.staff import security_log
from offorte_portal.webhooks import registration

PERMISSION = "offorte_portal.authorise_connection"
# What Offorte may answer instead of a code (RFC 6749, 4.1.2.1), and what an administrator can do about it.
_UNEXPECTED = gettext_noop("Offorte did not grant access and did not say why. Try again later.")
_STRAY = gettext_noop(
    "The answer does not belong to a connection that was begun in this browser within the last ten minutes. Begin "
    "again from here."
)
_REASONS = {
    "unauthorized_client": gettext_noop("Offorte does not let this app connect. Check the app in Offorte's settings."),
    "invalid_request": gettext_noop("Offorte did not understand the request. Check the client ID and callback URL."),
    "server_error": gettext_noop("Offorte could not answer. Try again later."),
    "temporarily_unavailable": gettext_noop("Offorte is not available at the moment. Try again later."),
}


class OfforteConnectionAdapter(DefaultSocialAccountAdapter):
    """Stores what a handshake with Offorte brought on its Connection, and tells the administrator how it ended."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """One app for each account, never saved and never offered as a login. The secret stays on the Connection."""
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
        """Store the token; what allauth would do after this is never reached."""
        connection = Connection.objects.get(account=sociallogin.account.provider)
        person = cast("User", request.user)
        if not person.has_perm(PERMISSION):
            self._fail(request, connection, gettext_noop("You may not connect Offorte accounts."))
        carried = sociallogin.token
        token = Token(access=carried.token, refresh=carried.token_secret, expires_at=carried.expires_at)
        connections.connect(connection, token, by=person)
        security_log.record(security_log.Kind.ACCOUNT_CONNECTED, request=request, connection=connection)
        run = sync.request(connection, trigger=SyncRun.Trigger.CONNECT, by=person)
        registration.request(connection)
        messages.success(
            request,
            _("%(account)s is connected. The first sync has begun: lists fill within minutes.")
            % {"account": connection},
        )
        may_watch = person.has_perm("offorte_portal.view_syncrun")
        page = ("syncrun", run.pk) if may_watch else ("connection", connection.pk)
        raise ImmediateHttpResponse(redirect(f"admin:offorte_portal_{page[0]}_change", page[1]))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        """Say why it failed, keep the reason, and lead away from the callback's address.

        An answer to no handshake of this browser says nothing about the account: anybody may have made the browser open
        the address, or the person opened it twice. Only they are told.
        """
        connection = Connection.objects.get(account=provider.sub_id)
        if "state" not in (extra_context or {}):
            self._turn_away(request, connection)
        self._fail(request, connection, _reason(request, error, exception))

    def _turn_away(self, request: HttpRequest, connection: Connection) -> NoReturn:
        if connection.is_connected:
            text = _("Nothing was changed: %(account)s is still connected. %(reason)s")
        else:
            text = _("%(account)s was not connected. %(reason)s")
        messages.warning(request, text % {"account": connection, "reason": _(_STRAY)})
        raise ImmediateHttpResponse(redirect("offorte_login", connection.account))

    def _fail(self, request: HttpRequest, connection: Connection, reason: str) -> NoReturn:
        connections.note_failure(connection, reason)
        message = _("%(account)s was not connected. %(reason)s")
        messages.error(request, message % {"account": connection, "reason": _(reason)})
        raise ImmediateHttpResponse(redirect("offorte_login", connection.account))


def _reason(request: HttpRequest, error: str | None, exception: Exception | None) -> str:
    """In English, for it is stored: who reads it later may read it in another language."""
    if error == AuthError.CANCELLED:
        return gettext_noop("The access was not granted at Offorte. Connect again and choose to allow it.")
    if isinstance(exception, ProviderException):
        return str(exception)
    return _REASONS.get(request.GET.get("error", ""), _UNEXPECTED)


class EncryptedMFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted with the portal's keys."""

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypt(encrypted_text.encode()).decode()
