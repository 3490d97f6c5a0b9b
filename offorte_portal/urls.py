"""The URLs of all installed rooms, which each defines in its `pages/urls.py`."""

from collections.abc import Iterator
from importlib import import_module

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, path
from django.utils.module_loading import module_has_submodule

from offorte_portal.adminkit.background import mark_seen, show_background
from offorte_portal.adminkit.views import account, first_page, palette, standing

handler500 = "offorte_portal.adminkit.outages.handler500"


def find_addresses() -> Iterator[URLPattern | URLResolver]:
    """Yield the URLs of the rooms, in the order of INSTALLED_APPS."""
    for room in apps.get_app_configs():
        if room.module and module_has_submodule(room.module, "pages.urls"):
            yield from import_module(f"{room.name}.pages.urls").urlpatterns


urlpatterns = [
    *find_addresses(),
    path("account/", account, name="account"),
    path("standing/", standing, name="standing"),
    path("palette/", palette, name="palette"),
    path("background/", show_background, name="background"),
    path("background/seen/", mark_seen, name="background_seen"),
    path("", first_page, name="home"),
    path("", admin.site.urls),
]
