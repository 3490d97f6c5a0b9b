from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class MirrorConfig(AppConfig):
    name = "offorte_portal.mirror"
    verbose_name = _("Mirror")

    def ready(self) -> None:
        """Find what all apps mirror."""
        autodiscover_modules("mirror")
