from django.apps import AppConfig


class OffortePortalConfig(AppConfig):
    name = "offorte_portal"
    verbose_name = "Offorte Portal"

    def ready(self) -> None:
        # Both need the app registry.
        from offorte_portal import checks  # noqa: F401, PLC0415
        from offorte_portal.runs import beats  # noqa: PLC0415

        beats.listen()
