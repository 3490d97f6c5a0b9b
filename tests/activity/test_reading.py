"""Marking as read: a notification is one person's, a question is everybody's who works on the proposal."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User

from offorte_portal.activity.models import Activity, Notification
from offorte_portal.activity.preferences import Channel, Event, Scope, save_choices
from offorte_portal.activity.reading import count_unread, may_settle, read_all, read_notification, settle_question
from tests.activity.conftest import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def pieter(make_seller: Callable[..., User]) -> User:
    """Somebody who wants to know of the questions of others."""
    user = make_seller("pieter@example.com")
    save_choices(user, {(Event.COMMENTED, Scope.TEAM): Channel.PORTAL})
    return user


@pytest.fixture
def question(known: Story, sanne: User, pieter: User) -> Activity:
    known.comment(5)
    known.collect()
    return Activity.objects.get()


def test_reading_a_notification_settles_ones_own_question(question: Activity, sanne: User, pieter: User) -> None:
    assert count_unread(sanne) == 1
    read_notification(Notification.objects.get(user=sanne))
    question.refresh_from_db()
    assert (question.is_unread, question.read_by) == (False, sanne)
    assert (count_unread(sanne), count_unread(pieter)) == (0, 1)


def test_reading_it_as_somebody_else_leaves_the_question_open(question: Activity, pieter: User) -> None:
    read_notification(Notification.objects.get(user=pieter))
    question.refresh_from_db()
    assert question.is_unread
    assert count_unread(pieter) == 0


def test_settling_a_question_reads_ones_own_notification(question: Activity, sanne: User, pieter: User) -> None:
    settle_question(sanne, question)
    assert (count_unread(sanne), count_unread(pieter)) == (0, 1)
    first = Activity.objects.get().read_at
    settle_question(pieter, question)
    assert Activity.objects.get().read_at == first


def test_who_works_on_all_proposals_may_settle_all_questions(question: Activity, sanne: User, pieter: User) -> None:
    assert (may_settle(sanne, question), may_settle(pieter, question)) == (True, False)
    pieter.user_permissions.add(Permission.objects.get(codename="change_others_proposals"))
    assert may_settle(User.objects.get(pk=pieter.pk), question)


def test_reading_all_leaves_what_came_meanwhile(known: Story, question: Activity, sanne: User) -> None:
    seen = Notification.objects.get(user=sanne).pk
    known.comment(9, 2)
    known.collect()
    assert read_all(sanne, seen) == 1
    assert count_unread(sanne) == 1


def test_a_count_of_many_is_read_like_the_others(known: Story, sanne: User) -> None:
    for number in range(1, 13):
        known.comment(number, number)
    known.collect()
    read_notification(Notification.objects.get(activity=None))
    assert count_unread(sanne) == 10
