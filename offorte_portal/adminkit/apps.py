from importlib import import_module

from django.apps import AppConfig, apps
from django.contrib import admin
from django.contrib.admin import apps as admin_apps  # as a module: Django considers every AppConfig in this one
from django.utils.module_loading import autodiscover_modules

# Models whose own admin shows secrets, or runs any dotted path that it is given.
UNLISTED = (
    "account.EmailAddress",
    "django_q.Schedule",
    "mfa.Authenticator",
    "socialaccount.SocialAccount",
    "socialaccount.SocialApp",
    "socialaccount.SocialToken",
    "usersessions.UserSession",
)


class AdminKitConfig(AppConfig):
    """The theme's templates and static files, and what the apps' admins share."""

    name = "offorte_portal.adminkit"
    label = "adminkit"

    def ready(self) -> None:
        """Import what registers itself: the rooms' `navigation` and `additions`, and the palette's own commands."""
        autodiscover_modules("navigation", "additions")
        import_module("offorte_portal.adminkit.palette.own")


class PortalAdminConfig(admin_apps.AdminConfig):
    """Django's admin with the portal's own site as the default one."""

    default = False
    default_site = "offorte_portal.adminkit.site.PortalAdminSite"

    def ready(self) -> None:
        """Register all admins, then unregister those of UNLISTED."""
        super().ready()
        for name in UNLISTED:
            model = apps.get_model(name)
            if admin.site.is_registered(model):
                admin.site.unregister(model)
