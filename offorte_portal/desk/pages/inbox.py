"""The inbox of questions: read what prospects ask, assign it to a colleague, and go to Offorte to answer."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from offorte_portal.activity.models import Activity
from offorte_portal.activity.reading import PERMISSION, may_settle, settle_question
from offorte_portal.adminkit import badges
from offorte_portal.adminkit.scope import read_scope
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk import inbox
from offorte_portal.staff.members import colleagues
from offorte_portal.staff.scope import MINE

LAST_PAGE = 1000


@dataclass(frozen=True)
class Question:
    """A question as the page shows it."""

    entry: Activity
    may_settle: bool
    assigned_to: User | None
    is_answered: bool


@staff_view(PERMISSION)
def show_inbox(request: StaffRequest) -> HttpResponse:
    """Show the unread questions, or those that were read."""
    # One's own by default: anybody can be assigned a question, and the navigation counts one's own.
    scope = read_scope(request, MINE)
    is_read = request.GET.get("state") == "read"
    page = request.GET.get("p", "1")
    number = min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    rows = inbox.questions(scope.user, is_mine=scope.is_mine, account=scope.account)
    entries = inbox.read_page(rows.filter(read_at__isnull=not is_read), number)
    shown = [_question(scope.user, entry) for entry in entries[: inbox.PER_PAGE]]
    context = {
        **admin.site.each_context(request),
        "title": _("Inbox"),
        "scope": scope,
        "is_read": is_read,
        "unread_count": inbox.unread(rows).count(),
        "questions": shown,
        "colleagues": colleagues() if any(question.may_settle for question in shown) else [],
        "shows_account": scope.account is None and len(scope.accounts) > 1,
        "newer_url": _url(scope.who, is_read, number - 1) if number > 1 else "",
        "older_url": _url(scope.who, is_read, number + 1) if len(entries) > inbox.PER_PAGE else "",
        "keep": "&state=read" if is_read else "",
        "here": request.get_full_path(),
    }
    return render(request, "desk/inbox.html", context)


def _url(who: str, is_read: bool, number: int) -> str:
    state = {"state": "read"} if is_read else {}
    return "?" + urlencode({"who": who, **state, "p": str(number)})


def _question(user: User, entry: Activity) -> Question:
    state = getattr(entry, "comment_state", None)
    given_to = state.assigned_to if state else None
    return Question(entry, _may_settle(user, entry), given_to, getattr(entry, "is_answered", False))


def _may_settle(user: User, entry: Activity) -> bool:
    """Return whether the person works on the proposal, or the question is assigned to them."""
    state = getattr(entry, "comment_state", None)
    return may_settle(user, entry) or (state is not None and state.assigned_to_id == user.pk)


@staff_view(PERMISSION, methods=["POST"])
def mark_read(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark a question as read for everybody who works on the proposal."""
    entry = _find(request, pk)
    settle_question(request.user, entry)
    badges.forget(request)
    return redirect(_next(request))


class AssignForm(forms.Form):
    """The person that a question is assigned to; empty for the proposal's owner."""

    person = forms.ModelChoiceField(colleagues(), required=False)


@staff_view(PERMISSION, methods=["POST"])
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    """Assign a question to a colleague, or back to the proposal's owner."""
    entry = _find(request, pk)
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This person no longer works in the portal. Choose someone else."))
        return redirect(_next(request))
    person: User | None = form.cleaned_data["person"]
    inbox.assign(entry, person, request.user)
    badges.forget(request)
    if person:
        messages.success(request, _("Question assigned to %(name)s.") % {"name": person.get_full_name() or person})
    else:
        messages.success(request, _("Question assigned to the proposal’s owner."))
    return redirect(_next(request))


def _find(request: StaffRequest, pk: int) -> Activity:
    """Return the question. Raises Http404 if it is gone, PermissionDenied if the person may not settle it."""
    found = Activity.objects.select_related("proposal", "comment_state").defer("proposal__payload")
    entry = get_object_or_404(found, pk=pk, kind=Activity.Kind.COMMENTED)
    if not _may_settle(request.user, entry):
        raise PermissionDenied
    return entry


def _next(request: HttpRequest) -> str:
    given = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(given, {request.get_host()}, request.is_secure())
    return given if is_ours else reverse("inbox")


inbox_urls = [
    path("", show_inbox, name="inbox"),
    path("<int:pk>/read/", mark_read, name="inbox_read"),
    path("<int:pk>/assign/", assign, name="inbox_assign"),
]
