"""What a view of staff answers whom, by which method."""

from http import HTTPStatus

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from offorte_portal.adminkit.staffview import STOP, StaffRequest, live_view, staff_view
from offorte_portal.waiting.marks import asks_elsewhere, mark_of

pytestmark = pytest.mark.django_db
SEE, CHANGE = "proposals.view_proposal", "proposals.change_proposal"


def ask(method: str = "GET", *, user: User | AnonymousUser | None = None, **headers: str) -> HttpRequest:
    request = RequestFactory(enforce_csrf_checks=False).generic(method, "/page/", headers=headers)
    request.user = user or User.objects.create_user("seller", is_staff=True)
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    return request


def holder(*names: str) -> User:
    user = User.objects.create_user("holder", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=[name.split(".")[1] for name in names]))
    return user


def greet(request: StaffRequest, name: str = "you") -> HttpResponse:
    return HttpResponse(f"{request.user.username} greets {name}")


def text(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def test_staff_get_the_view_with_what_the_address_names() -> None:
    response = staff_view()(greet)(ask(), name="Jan")
    assert text(response) == "seller greets Jan"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT"])
def test_a_view_takes_only_get_unless_it_says_so(method: str) -> None:
    response = staff_view()(greet)(ask(method))
    assert (response.status_code, response["Allow"]) == (HTTPStatus.METHOD_NOT_ALLOWED, "GET")


def test_a_view_takes_the_methods_that_it_names() -> None:
    view = staff_view(methods=["GET", "POST"])(greet)
    assert view(ask("POST")).status_code == HTTPStatus.OK
    assert view(ask("DELETE", user=holder()))["Allow"] == "GET, POST"


def test_a_view_without_methods_takes_any() -> None:
    assert staff_view(methods=None)(greet)(ask("PUT")).status_code == HTTPStatus.OK


def test_another_method_is_refused_before_anybody_is_known() -> None:
    response = staff_view(SEE)(greet)(ask("POST", user=AnonymousUser()))
    assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("user", [AnonymousUser(), User(username="customer")])
def test_who_is_no_staff_is_sent_to_sign_in(user: User | AnonymousUser) -> None:
    response = staff_view(SEE)(greet)(ask(user=user))
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == "/login/?next=/page/"


def test_who_lacks_the_permission_is_refused() -> None:
    with pytest.raises(PermissionDenied):
        staff_view(SEE)(greet)(ask())
    assert staff_view(SEE)(greet)(ask(user=holder(SEE))).status_code == HTTPStatus.OK


def test_who_lacks_one_of_several_permissions_is_refused() -> None:
    view = staff_view([SEE, CHANGE])(greet)
    user = holder(SEE)
    with pytest.raises(PermissionDenied):
        view(ask(user=user))
    user.user_permissions.add(Permission.objects.get(codename="change_proposal"))
    assert view(ask(user=User.objects.get(pk=user.pk))).status_code == HTTPStatus.OK


def test_a_post_without_its_token_is_refused() -> None:
    request = ask("POST")
    request._dont_enforce_csrf_checks = False  # type: ignore[attr-defined]
    assert staff_view(methods=["POST"])(greet)(request).status_code == HTTPStatus.FORBIDDEN


def test_marks_stay_on_either_side() -> None:
    inside = staff_view(methods=["POST"])(asks_elsewhere("Saving…")(greet))
    outside = asks_elsewhere("Sending…")(staff_view(methods=["POST"])(greet))
    marks = [mark_of(inside), mark_of(outside)]
    assert [mark.doing for mark in marks if mark] == ["Saving…", "Sending…"]
    assert inside.__name__ == outside.__name__ == "greet"


def test_a_page_that_asks_on_is_stopped_when_its_session_ends() -> None:
    view = live_view(greet)
    asked = ask(user=AnonymousUser(), **{"HX-Request": "true"})
    assert view(asked).status_code == STOP
    assert view(ask(user=AnonymousUser())).status_code == HTTPStatus.FOUND
    assert view(ask("POST"))["Allow"] == "GET"
    assert text(view(ask(user=holder(), **{"HX-Request": "true"}))) == "holder greets you"
