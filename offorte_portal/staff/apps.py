from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """Staff: what they may do, who they are at Offorte, and how they sign in."""

    name = "offorte_portal.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from offorte_portal.staff import sign_in_events  # noqa: F401, PLC0415 - receivers need the models
