"""What the worker does by itself: mail each minute, catch up and tidy each hour."""

from ast import literal_eval
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from offorte_portal.activity.models import ActivityState, Notification
from tests.activity.conftest import Story

pytestmark = pytest.mark.django_db


def run(name: str) -> None:
    """Do what the schedule with this name does."""
    row = Schedule.objects.get(name=name)
    import_string(row.func)(*literal_eval(row.args))


def test_mails_leave_each_minute(known: Story, sanne: User) -> None:
    assert Schedule.objects.get(name="mail notifications").minutes == 1
    known.comment(5)
    known.collect()
    run("mail notifications")
    assert len(mail.outbox) == 1


def test_what_was_missed_is_collected_and_what_is_old_goes(story: Story, sanne: User) -> None:
    old = Notification.objects.create(user=sanne)
    Notification.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=100))
    run("sweep desk")
    assert ActivityState.objects.count() == 1
    run("tidy activity")
    assert not Notification.objects.exists()
