"""Who sees which way in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from offorte_portal.adminkit.navigation import Entry, Link, build_navigation, groups
from offorte_portal.connections.models import Connection
from proposals.models import Proposal

pytestmark = pytest.mark.django_db


def entries(of: tuple[Entry, ...]) -> Iterator[Entry]:
    for entry in of:
        yield entry
        yield from entries(entry.children)


def request_of(user: User, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user
    request.session = Client().session
    return request


def seller(*permissions: str) -> User:
    user = User.objects.create_user("pieter", is_staff=True)
    for name in permissions:
        app, codename = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


def links_of(user: User, path: str = "/") -> dict[str, Link]:
    return {str(link.title): link for _, links in build_navigation(request_of(user, path)) for link in links}


@pytest.mark.parametrize(
    "entry", [entry for _, group in groups() for entry in entries(group)], ids=attrgetter("url_name")
)
def test_every_entry_leads_somewhere(entry: Entry) -> None:
    assert reverse(entry.url_name)


def test_without_permissions_there_is_home() -> None:
    assert list(links_of(seller())) == ["Home"]


def test_a_permission_opens_its_entry_and_empty_groups_go() -> None:
    user = seller("proposals.view_proposal", "contacts.view_company")
    titles = [str(title) for title, _ in build_navigation(request_of(user))]
    assert titles == ["Sell", "Customers", "Insight"]
    assert list(links_of(user)) == ["Home", "Proposals", "Pipeline", "Inbox", "Activity", "Companies", "Reports"]


def test_a_parent_that_is_out_of_reach_leads_to_its_first_child() -> None:
    links = links_of(seller("catalog.view_vatgroup"))
    assert links["Products"].url == reverse("admin:catalog_vatgroup_changelist")


def test_the_page_marks_its_entry_and_only_that() -> None:
    user = User.objects.create_superuser("sanne")
    links = links_of(user, "/proposals/proposal/12/change/")
    assert [title for title, link in links.items() if link.is_current] == ["Proposals"]


def test_a_child_opens_its_parent() -> None:
    user = User.objects.create_superuser("sanne")
    products = links_of(user, "/catalog/vatgroup/")["Products"]
    assert products.is_open
    assert not products.is_current


def test_a_child_at_the_same_address_is_the_one_that_is_marked() -> None:
    user = User.objects.create_superuser("sanne")
    templates = links_of(user, "/proposals/proposaltemplate/")["Templates & users"]
    assert not templates.is_current
    assert [str(child.title) for child in templates.children if child.is_current] == ["Proposal templates"]


def test_badges_count_what_is_there_and_ask_once_a_minute() -> None:
    user = User.objects.create_superuser("sanne")
    account = Connection.objects.create(account="bouw", client_id="x")
    known: dict[str, Any] = {"connection": account, "as_of": datetime(2026, 1, 1, tzinfo=UTC)}
    Proposal(remote_id=1, **known).save()
    Proposal(remote_id=2, removed_at=known["as_of"], **known).save()
    assert links_of(user)["Proposals"].badge == 1
    Proposal(remote_id=3, **known).save()
    assert links_of(user)["Proposals"].badge == 1


def test_a_page_names_no_entry_to_who_may_not_go_there(client: Client) -> None:
    client.force_login(seller("proposals.view_proposal"))
    page = client.get("/").content.decode()
    assert reverse("admin:proposals_proposal_changelist") in page
    assert reverse("admin:auth_user_changelist") not in page
    assert reverse("admin:connections_connection_changelist") not in page
