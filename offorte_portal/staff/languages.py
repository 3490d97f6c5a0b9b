"""The language of each person: chosen once, and used in pages, mails and files wherever they sign in.

Somebody who has chosen none gets the language of the browser that they first sign in with.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from offorte_portal.staff.models import Preferences

OFFERED = frozenset(code for code, _name in settings.LANGUAGES)


def chosen_by(user: AbstractBaseUser | AnonymousUser) -> str:
    """Return the language that a person has chosen; "" for none.

    Costs a query unless the user was read with `preferences`, as `StaffBackend` does.
    """
    chosen: Preferences | None = getattr(user, "preferences", None)
    return chosen.language if chosen and chosen.language in OFFERED else ""


def language_of(user: AbstractBaseUser) -> str:
    """Return the language to write to a person in: their own, or the portal's."""
    return chosen_by(user) or settings.LANGUAGE_CODE


def choose(user: AbstractBaseUser, language: str) -> None:
    """Store a language as the person's; nothing for one that the portal does not have."""
    if language in OFFERED:
        Preferences.objects.update_or_create(user_id=user.pk, defaults={"language": language})


def keep_first(user: AbstractBaseUser) -> None:
    """Store the language of this request, unless the person has one."""
    language = translation.get_language() or ""
    if language in OFFERED:
        Preferences.objects.get_or_create(user_id=user.pk)
        Preferences.objects.filter(user_id=user.pk, language="").update(language=language)


class LanguageMiddleware:
    """Shows pages in the language of the person who is signed in. It comes after the authentication middleware.

    For everybody else, Django's middleware goes by the cookie or the browser.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        # Without a session nobody is signed in, and nobody has to be looked up.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and (language := chosen_by(request.user)):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self._get_response(request)
