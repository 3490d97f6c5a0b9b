"""The shared cache: Redis, replaced by a database table while Redis can't be reached.

Sign-in counts its attempts here. While Redis is down, all processes count them in the database: people can work, and
guessing passwords stays as slow as before, except for the attempts of the last minutes that only Redis has.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from offorte_portal import ports

logger = logging.getLogger(__name__)

# Seconds without another try after Redis did not answer, so that nobody waits for it twice in one page.
LEFT_ALONE = 5.0


class RedisOrDatabaseCache(RedisCache):
    """Django's Redis cache, which uses the cache "spare" while Redis can't be reached."""

    # Shared by the process, as each thread has a cache object of its own.
    asked_again_at = float("-inf")


def _outliving(name: str) -> Callable[..., Any]:
    in_redis: Callable[..., Any] = getattr(RedisCache, name)

    def call(self: RedisOrDatabaseCache, *args: Any, **options: Any) -> Any:
        if ports.monotonic() >= RedisOrDatabaseCache.asked_again_at:
            try:
                return in_redis(self, *args, **options)
            except (RedisError, OSError) as error:
                logger.warning("Redis is away, the database keeps the cache meanwhile (%s)", type(error).__name__)
                RedisOrDatabaseCache.asked_again_at = ports.monotonic() + LEFT_ALONE
        return getattr(caches["spare"], name)(*args, **options)

    call.__name__ = name
    return call


for _name in (
    "add", "clear", "delete", "delete_many", "get", "get_many", "has_key", "incr", "set", "set_many", "touch",
):  # fmt: skip
    setattr(RedisOrDatabaseCache, _name, _outliving(_name))
