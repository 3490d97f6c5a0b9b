"""The allauth provider: each Offorte account is a provider of its own, as with allauth's OpenID Connect provider."""

from typing import Any

from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from offorte_portal.connections.oauth.handshake import OfforteOAuth2Adapter


class OfforteProvider(OAuth2Provider):
    """One Offorte account; `app.provider_id` is the account's name."""

    id = "offorte"
    name = "Offorte"
    account_class = ProviderAccount
    oauth2_adapter_class = OfforteOAuth2Adapter
    pkce_enabled_default = True

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """Return the URL where the handshake begins; it ignores query parameters of callers."""
        return reverse("offorte_login", args=[self.app.provider_id])

    def get_oauth2_adapter(self, request: HttpRequest) -> OfforteOAuth2Adapter:
        return self.oauth2_adapter_class(request, self.app.provider_id)

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Return fixed values: no login, and no request parameters, which could replace client ID and callback."""
        return {"process": AuthProcess.REDIRECT, "next_url": reverse("admin:index"), "scope": [], "auth_params": {}}

    def get_pkce_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_pkce_params() if settings.OFFORTE_OAUTH_PKCE else {}
        return params


provider_classes = [OfforteProvider]
