"""The steps of the OAuth handshake that are specific to Offorte; allauth does the rest."""

from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_variables

from offorte_portal.api.errors import OfforteError
from offorte_portal.connections import connecting as connections
from offorte_portal.connections import tokens
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.address import require_confidential
from offorte_portal.connections.oauth.token_endpoint import Token, exchange_code


def callback_url(connection: Connection) -> str:
    """Return the URL to register at Offorte. It does not depend on the host by which the portal is visited.

    Each account has its own, so that a code of one account can't reach the token endpoint of another.
    """
    return settings.PORTAL_URL + reverse("offorte_callback", args=[connection.account])


class OfforteOAuth2Client(OAuth2Client):
    """Builds the URL of the consent page with the reference's parameters, without an empty scope."""

    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: dict[str, Any]) -> str:
        params = {"client_id": self.consumer_key, "redirect_uri": self.callback_url, "response_type": "code"}
        return f"{authorization_url}?{urlencode(params | {'state': self.state} | extra_params)}"


class OfforteOAuth2Adapter(OAuth2Adapter):
    """The handshake of one account. Each failure raises ProviderException with the Reason for the administrator."""

    client_class = OfforteOAuth2Client

    def __init__(self, request: HttpRequest, account: str) -> None:
        super().__init__(request)
        self.provider_id = account
        self.supports_state = settings.OFFORTE_OAUTH_STATE
        self.connection = Connection.objects.get(account=account)

    @property
    def authorize_url(self) -> str:
        return require_confidential(f"{self.connection.oauth_url}/authorize")

    # allauth requires it, but `get_access_token_data` makes the request itself.
    access_token_url = ""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return callback_url(self.connection)

    @sensitive_variables()
    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> Token:
        try:
            tokens.require_readable(self.connection)
            return exchange_code(
                self.connection,
                code=request.GET["code"],
                redirect_uri=callback_url(self.connection),
                code_verifier=pkce_code_verifier or "",
            )
        except OfforteError as error:
            raise ProviderException(error.reason) from None

    @sensitive_variables()
    def parse_token(self, data: Token) -> SocialToken:
        """Return a SocialToken that carries the token to `pre_social_login`; it is never saved."""
        return SocialToken(token=data.access, token_secret=data.refresh, expires_at=data.expires_at)

    @sensitive_variables()
    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Check the token with a `hello` before it replaces anything. Raises ProviderException where that fails."""
        try:
            connections.verify(self.connection, token.token)
        except OfforteError as error:
            raise ProviderException(error.reason) from None
        account = SocialAccount(provider=self.provider_id, uid=self.provider_id)
        return SocialLogin(account=account, provider=self.get_provider())
