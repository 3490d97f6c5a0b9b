"""The two ends of the handshake: a page with a button that begins it, and the URL to which Offorte sends people back.

The callback always redirects: its own URL holds the code, which must not become a page's referrer.
"""

from urllib.parse import urlsplit

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from offorte_portal.api.errors import OfforteError
from offorte_portal.connections import tokens
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.handshake import OfforteOAuth2Adapter, callback_url
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.waiting.marks import asks_elsewhere

PERMISSION = "connections.authorise_connection"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest, account: str) -> HttpResponseBase:
    """Show what will happen (GET), or redirect the person to Offorte's consent page (POST)."""
    if not admin.site.has_permission(request):
        return admin.site.login(request)
    connection = _get_connection(request, account)
    if request.method == "POST":
        try:
            tokens.require_readable(connection)
            return _handle(OAuth2LoginView, request, account)
        except OfforteError as error:
            messages.error(request, put_into_words(error.reason))
    context = {
        **admin.site.each_context(request),
        "title": _("Connect %(account)s to Offorte") % {"account": connection},
        "opts": Connection._meta,
        "connection": connection,
        "callback_url": callback_url(connection),
        # The session, and with it the handshake's state, belongs to one host name.
        "is_elsewhere": urlsplit(settings.PORTAL_URL).netloc != request.get_host(),
        "portal_url": settings.PORTAL_URL,
    }
    return TemplateResponse(request, "connections/connect.html", context)


@asks_elsewhere(gettext_lazy("Connecting…"), methods=("GET",))
@never_cache
@require_GET
@sensitive_variables()
def callback(request: HttpRequest, account: str) -> HttpResponseBase:
    """Handle Offorte's answer; the social account adapter tells the person how it ended."""
    if not admin.site.has_permission(request):
        # To a page to come back to after signing in: unlike this URL, it holds no code.
        return redirect("offorte_login", account)
    _get_connection(request, account)
    return _handle(OAuth2CallbackView, request, account)


def _get_connection(request: HttpRequest, account: str) -> Connection:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied(_("Only an administrator can connect an Offorte account."))
    return get_object_or_404(Connection, account=account)


def _handle(view: type[OAuth2View], request: HttpRequest, account: str) -> HttpResponseBase:
    response: HttpResponseBase = view.adapter_view(OfforteOAuth2Adapter(request, account))(request)
    return response
