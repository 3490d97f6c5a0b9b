from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WritesConfig(AppConfig):
    name = "offorte_portal.writes"
    verbose_name = _("Change log")
