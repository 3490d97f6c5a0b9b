"""The shared cache outlives Redis, and two portals on one Redis have nothing in common."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client, override_settings
from redis.exceptions import ConnectionError as RedisConnectionError

from offorte_portal import settings as portal
from offorte_portal.cache import RedisOrDatabaseCache
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db

AWAY = {
    "BACKEND": "offorte_portal.cache.RedisOrDatabaseCache",
    "LOCATION": "redis://127.0.0.1:9/0",
    "OPTIONS": {"socket_connect_timeout": 1},
}


@pytest.fixture(autouse=True)
def redis_is_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is configured is a Redis that nobody answers for."""
    monkeypatch.setattr(RedisOrDatabaseCache, "asked_again_at", float("-inf"))
    settings = {"default": AWAY, "spare": portal.DATABASE_CACHE, "local": portal.CACHES["local"]}
    with override_settings(CACHES=settings):
        yield


def test_the_database_keeps_what_redis_can_t() -> None:
    cache = caches["default"]
    cache.set("a", 1)
    assert (cache.get("a"), cache.incr("a"), cache.get_many(["a", "b"])) == (1, 2, {"a": 2})
    assert (cache.add("a", 5), "a" in cache, cache.get_or_set("c", 3)) == (False, True, 3)
    assert caches["spare"].get("a") == 2
    cache.delete("a")
    assert cache.get("a") is None


def test_redis_is_left_alone_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refuse(*_: object, **__: object) -> None:
        asked.append("asked")
        raise RedisConnectionError

    monkeypatch.setattr("redis.ConnectionPool.get_connection", refuse)
    for number in range(10):
        caches["default"].set(str(number), number)
    assert asked == ["asked"]


def test_people_sign_in_and_guessing_stays_slow_without_redis(client: Client) -> None:
    user = make_staff("anna")
    User.objects.filter(pk=user.pk).update(email="anna@bouw.example")
    user.set_password("a long password")
    user.save()
    for _ in range(12):
        answer = client.post("/accounts/login/", {"login": "anna", "password": "wrong"})
        assert answer.status_code in (200, 429)
    assert answer.status_code == 429 or "Too many" in answer.content.decode()
    caches["spare"].clear()
    answer = client.post("/accounts/login/", {"login": "anna", "password": "a long password"})
    assert answer.status_code == 302


def names(**environment: str) -> list[str]:
    """What a portal calls its queue, and its keys in the cache."""
    script = """
import json
from django.conf import settings
from django.core.cache import cache
print(json.dumps([settings.Q_CLUSTER["name"], cache.make_key("a")]))
"""
    variables = os.environ | {"DJANGO_SETTINGS_MODULE": "offorte_portal.settings"} | environment
    output = subprocess.run([sys.executable, "-c", script], env=variables, capture_output=True, check=True).stdout
    found: list[str] = json.loads(output)
    return found


def test_two_portals_on_one_redis_share_nothing() -> None:
    shared = {"REDIS_URL": "redis://127.0.0.1:6379/6"}
    one = names(**shared, DJANGO_SECRET_KEY="one")
    assert one == names(**shared, DJANGO_SECRET_KEY="one")
    others = [
        names(**shared, DJANGO_SECRET_KEY="other"),
        names(**shared, DJANGO_SECRET_KEY="one", PORTAL_URL="https://elsewhere.example"),
        names(**shared, DJANGO_SECRET_KEY="one", PORTAL_INSTALLATION="trial"),
    ]
    assert len({queue for queue, _ in [one, *others]}) == len({key for _, key in [one, *others]}) == 4
