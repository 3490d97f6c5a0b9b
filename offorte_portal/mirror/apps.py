from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class MirrorConfig(AppConfig):
    name = "offorte_portal.mirror"
    verbose_name = _("Mirror")

    def ready(self) -> None:
        """Import the `mirror` modules of all apps, which register what is mirrored."""
        autodiscover_modules("mirror")
