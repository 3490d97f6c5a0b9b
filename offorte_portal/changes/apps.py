from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ChangesConfig(AppConfig):
    name = "offorte_portal.changes"
    verbose_name = _("Changes")

    def ready(self) -> None:
        """Import the `followers` modules of all apps."""
        autodiscover_modules("followers")
