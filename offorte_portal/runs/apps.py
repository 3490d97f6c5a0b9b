from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RunsConfig(AppConfig):
    name = "offorte_portal.runs"
    verbose_name = _("Background work")

    def ready(self) -> None:
        """Find the words of the reasons of all rooms, and what they have the worker do."""
        autodiscover_modules("reasons", "tasks")
