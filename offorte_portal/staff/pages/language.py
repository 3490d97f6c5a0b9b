"""The choice of a language, at the entrance and in the portal."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import LANGUAGE_QUERY_PARAMETER
from django.views.i18n import set_language as set_cookie

from offorte_portal.staff import languages


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Set the language of this browser and, of somebody who is signed in, of the person."""
    if request.user.is_authenticated:
        languages.choose(request.user, request.POST.get(LANGUAGE_QUERY_PARAMETER, ""))
    return set_cookie(request)
