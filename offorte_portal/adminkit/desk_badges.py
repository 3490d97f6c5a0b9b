"""Numbers beside the desk's entries in the navigation, at most half a minute old: no query on most pages."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.core.cache import caches
from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest

from offorte_portal.adminkit import accounts
from offorte_portal.desk import followups, inbox

SECONDS = 30


def count_questions(request: HttpRequest) -> int:
    """Questions that are the person's to answer and that nobody has read."""
    return _counts(request)[0]


def count_due(request: HttpRequest) -> int:
    """The person's follow-ups of today and before."""
    return _counts(request)[1]


def forget(request: HttpRequest) -> None:
    """Have them counted anew: the person has just changed them."""
    caches["local"].delete(_key(request))


def _key(request: HttpRequest) -> str:
    account = accounts.selected(request)
    return f"badge:desk:{request.user.pk}:{account.pk if account else 'all'}"


def _counts(request: HttpRequest) -> tuple[int, int]:
    known: tuple[int, int] | None = caches["local"].get(_key(request))
    if known is None:
        user, account = cast(User, request.user), accounts.selected(request)
        questions = _count(inbox.unread(inbox.questions(user, is_mine=True, account=account)), "questions")
        counts = dict(questions.union(_count(followups.due(user, is_mine=True, account=account), "due"), all=True))
        known = counts.get("questions", 0), counts.get("due", 0)
        caches["local"].set(_key(request), known, SECONDS)
    return known


def _count(rows: QuerySet[Any], name: str) -> QuerySet[Any, Any]:
    named = rows.order_by().annotate(badge=Value(name)).values_list("badge")
    counted: QuerySet[Any, Any] = named.annotate(n=Count("pk"))
    return counted
