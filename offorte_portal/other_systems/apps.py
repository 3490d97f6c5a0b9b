from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OtherSystemsConfig(AppConfig):
    name = "offorte_portal.other_systems"
    verbose_name = _("Other systems")
