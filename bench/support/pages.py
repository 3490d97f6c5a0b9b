"""Pages through Django's test client."""

from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.test.utils import override_settings


def without_collected_static() -> AbstractContextManager[Any]:
    """Give static files their names in the repository, as `collectstatic` was not run."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages: dict[str, Any] = settings.STORAGES | {"staticfiles": plain}
    return override_settings(STORAGES=storages)
