"""Settings for the views that the webhook endpoint is compared with, without any middleware that isn't needed."""

from importlib.util import find_spec

from offorte_portal.settings import *  # noqa: F403
from offorte_portal.settings import INSTALLED_APPS

MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # allauth does not start without
ROOT_URLCONF = "bench.peer_urls"
HAS_DJSTRIPE = find_spec("djstripe") is not None
if HAS_DJSTRIPE:
    INSTALLED_APPS = [*INSTALLED_APPS, "djstripe"]
MIGRATION_MODULES = {"djstripe": None}  # its migrations take minutes on SQLite
STRIPE_TEST_SECRET_KEY = "sk_test_XXXXXXXXXXXXXXXXXXXXbench"
STRIPE_LIVE_MODE = False
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
