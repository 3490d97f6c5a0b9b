from django.apps import AppConfig


class OffortePortalConfig(AppConfig):
    name = "offorte_portal"
    verbose_name = "Offorte Portal"

    def ready(self) -> None:
        from offorte_portal import checks  # noqa: F401, PLC0415 - registering needs the app registry
