from django.apps import AppConfig

from offorte_portal.connections.oauth.address import switch_https_check


class OAuthConfig(AppConfig):
    name = "offorte_portal.connections.oauth"
    label = "offorte_oauth"
    verbose_name = "Offorte OAuth"

    def ready(self) -> None:
        """Set oauthlib's switch for the process, before anything is sent."""
        switch_https_check()
