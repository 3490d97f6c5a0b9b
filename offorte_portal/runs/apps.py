from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RunsConfig(AppConfig):
    name = "offorte_portal.runs"
    verbose_name = _("Background work")

    def ready(self) -> None:
        """Import the `reasons` and `tasks` modules of all apps."""
        autodiscover_modules("reasons", "tasks")
