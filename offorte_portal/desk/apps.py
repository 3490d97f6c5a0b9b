from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "offorte_portal.desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        """Import the `origins` and `call_sources` modules of all apps."""
        autodiscover_modules("origins", "call_sources")
