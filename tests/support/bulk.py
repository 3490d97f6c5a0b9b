"""Bulk actions in tests: from the list to the confirm page to the job, as a browser without scripts does it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from offorte_portal.connections.models import Connection
from offorte_portal.jobs import ending, planning
from offorte_portal.jobs.models import Job
from offorte_portal.writes import draining
from tests.support.factories import make_staff

HIDDEN = re.compile(r'<input type="hidden" name="(key|seen)" value="([^"]*)"')


def make_member(role: str, name: str) -> User:
    """Somebody with a role that the portal's migration makes."""
    user = make_staff(name, is_superuser=False, first_name=name.capitalize())
    user.groups.add(Group.objects.get(name=role))
    return user


def sign_in(user: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(user)
    return client


@dataclass
class ConfirmPage:
    """The confirm page of one action, before and after its preview was asked for."""

    client: Client
    url: str
    html: str = ""

    def post(self, **data: Any) -> Any:
        """Send the form; what it holds is kept."""
        response = self.client.post(self.url, data)
        if response.status_code == 200 and not response.streaming:
            self.html = response.content.decode()
        return response

    def preview(self, **options: Any) -> str:
        """Ask what the action would do."""
        assert self.post(preview="1", **options).status_code == 200
        return self.html

    def confirm(self, **options: Any) -> Any:
        """Confirm what was previewed."""
        return self.post(confirm="1", **dict(HIDDEN.findall(self.html)), **options)

    @property
    def complaints(self) -> list[str]:
        """What the page says that keeps the job from being started."""
        found = re.findall(r'(?s)(?:class="errorlist[^>]*>|banner-warn[^>]*>)(.*?)</(?:ul|div)>', self.html)
        return [" ".join(re.sub(r"<[^>]*>", " ", each).split()) for each in found]

    def start(self, **options: Any) -> Job:
        """Preview, then confirm."""
        self.preview(**options)
        response = self.confirm(understood="1", **options)
        assert response.status_code == 302, self.complaints
        return Job.objects.latest("pk")


def choose(
    client: Client,
    action: str,
    rows: Iterable[Model] | type[Model],
    *,
    query: str = "",
) -> Any:
    """Choose an action from the bar of a list: for some of its rows, or for all that the model's list finds."""
    model = rows if isinstance(rows, type) else type(next(iter(rows)))
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    data: dict[str, Any] = {"bulk": action}
    if isinstance(rows, type):
        data |= {"select_across": "1", "_selected_action": ["1"]}
    else:
        data |= {"select_across": "0", "_selected_action": [str(row.pk) for row in rows]}
    return client.post(url + query, data)


def open_confirm(client: Client, action: str, rows: Iterable[Model] | type[Model], *, query: str = "") -> ConfirmPage:
    """The confirm page of an action, on the way that a person takes."""
    response = choose(client, action, rows, query=query)
    assert response.status_code == 302, response.status_code
    page = client.get(response["Location"])
    assert page.status_code == 200
    return ConfirmPage(client, response["Location"], page.content.decode())


# Options without which a job does not start.
REQUIRED = {"proposals.mark_lost": {"reason": "other", "words": "te duur"}}


def start_job(user: User, action: str, rows: Iterable[Model], options: Mapping[str, Any] | None = None) -> Job:
    """A job that the person has started, with its writes planned."""
    page = open_confirm(sign_in(user), action, list(rows))
    job = page.start(**REQUIRED.get(action, {}), **(options or {}))
    planning.plan(job.pk)
    job.refresh_from_db()
    return job


def work_off(job: Job) -> Job:
    """Let the worker plan the job and send all that waits in its accounts."""
    planning.plan(job.pk)
    for connection in Connection.objects.filter(operations__job=job).distinct():
        draining.drain(connection.pk)
    ending.finish_ended()
    job.refresh_from_db()
    return job
