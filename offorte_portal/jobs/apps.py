from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "offorte_portal.jobs"
    verbose_name = _("Bulk jobs")

    def ready(self) -> None:
        """Find the bulk actions of all rooms, and the forms of their options."""
        autodiscover_modules("actions", "action_forms")
