from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ConnectionsConfig(AppConfig):
    name = "offorte_portal.connections"
    verbose_name = _("Offorte accounts")

    def ready(self) -> None:
        """Import the `hooks` modules of all apps, which register their hooks."""
        autodiscover_modules("hooks")
