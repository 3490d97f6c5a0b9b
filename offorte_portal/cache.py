"""The shared cache: Redis, and a table of the database for as long as Redis can't be reached.

Sign-in counts attempts here. While Redis is away they are counted in the database, by all processes alike: people can
work, and guessing passwords stays as slow as ever, but for the attempts of the last minutes that only Redis knows of.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from offorte_portal import ports

logger = logging.getLogger(__name__)

# Seconds for which Redis is not asked again after it did not answer: nobody waits for it twice in a page.
LEFT_ALONE = 5.0


class RedisOrDatabaseCache(RedisCache):
    """Django's Redis cache, with the cache called "spare" in its place while Redis is away."""

    # Of the process, for each thread has a cache object of its own.
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
