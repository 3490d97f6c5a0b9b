from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackingConfig(AppConfig):
    name = "offorte_portal.tracking"
    verbose_name = _("Follow-ups")
