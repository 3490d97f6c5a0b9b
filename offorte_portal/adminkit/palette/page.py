"""The page that the palette was opened on: its address, and the list or the record that it shows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib import admin
from django.contrib.admin.utils import unquote as unquote_key
from django.db.models import Model
from django.http import HttpRequest
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from offorte_portal.mirror.models import Mirrored

# No page of the portal has a longer address.
LONGEST = 4_000


@dataclass(frozen=True)
class Page:
    """A page as far as the person may see it.

    `url` is its path with its parameters, "" where it is unknown. `listed` is the model of the list that it is,
    `record` the record that it is about.
    """

    url: str = ""
    listed: type[Model] | None = None
    record: Mirrored | None = None

    @property
    def model(self) -> type[Model] | None:
        """The model of the list or the record."""
        return type(self.record) if self.record else self.listed


def read_page(request: HttpRequest) -> Page:
    """Return the page that htmx sends along; one without an address if it is another host's. One query at most."""
    address = request.headers.get("HX-Current-URL", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    if not is_ours or len(address) > LONGEST:
        return Page()
    parts = urlsplit(address)
    url = parts._replace(scheme="", netloc="", fragment="").geturl()
    target = find_target(parts.path)
    if target is None:
        return Page(url)
    model_admin, key = target
    if key is None:
        return Page(url, listed=model_admin.model) if model_admin.has_view_permission(request) else Page(url)
    if not issubclass(model_admin.model, Mirrored):
        return Page(url)
    record = model_admin.get_object(request, unquote_key(key))
    if record is None or not model_admin.has_view_permission(request, record):
        return Page(url)
    return Page(url, record=record)


def find_target(path: str) -> tuple[admin.ModelAdmin[Any], str | None] | None:
    """Return the admin of the list or the record with this path, and the record's key; None for any other page."""
    try:
        match = resolve(unquote(path).removeprefix(get_script_prefix().rstrip("/")))
    except Resolver404:
        return None
    admins = {
        f"{model._meta.app_label}_{model._meta.model_name}": known for model, known in admin.site._registry.items()
    }
    name, _underscore, view = (match.url_name or "").rpartition("_")
    key = match.kwargs.get("object_id")
    if match.namespace != admin.site.name or name not in admins or (key is None and view != "changelist"):
        return None
    return admins[name], key
