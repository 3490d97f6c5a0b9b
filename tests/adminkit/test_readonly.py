"""Lists that are only looked at."""

from http import HTTPStatus

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse

from offorte_portal.adminkit.readonly import ReadOnlyAdmin

pytestmark = pytest.mark.django_db
READ_ONLY = [one for one in admin.site._registry.values() if isinstance(one, ReadOnlyAdmin)]


def test_what_is_read_only() -> None:
    assert {one.opts.label for one in READ_ONLY} == {
        "files.Export", "jobs.Job", "other_systems.ImportedQuote", "other_systems.PartyMatch", "staff.SecurityEvent",
        "sync.SyncRun", "webhooks.WebhookEvent", "writes.Operation",
    }  # fmt: skip


@pytest.mark.parametrize("model_admin", READ_ONLY, ids=lambda one: one.opts.model_name)
def test_nobody_may_write_what_is_read_only(model_admin: ReadOnlyAdmin[User], client: Client) -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.create_superuser("root")
    assert model_admin.has_view_permission(request)
    assert not model_admin.has_add_permission(request)
    assert not model_admin.has_change_permission(request)
    assert not model_admin.has_delete_permission(request)
    client.force_login(request.user)
    assert client.get(reverse(admin_url(model_admin, "changelist"))).status_code == HTTPStatus.OK
    assert client.post(reverse(admin_url(model_admin, "add"))).status_code == HTTPStatus.FORBIDDEN


def admin_url(model_admin: ReadOnlyAdmin[User], page: str) -> str:
    return f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_{page}"
