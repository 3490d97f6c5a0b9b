from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "offorte_portal.files"
    verbose_name = _("Files")

    def ready(self) -> None:
        """Import the `sheets` module of each app, which registers the lists that can be exported."""
        autodiscover_modules("sheets")
