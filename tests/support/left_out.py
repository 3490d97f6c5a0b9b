"""The settings of a portal without the rooms that LEFT_OUT names, as INSTALLED_APPS does, with commas between."""

import os

from offorte_portal.settings import *  # noqa: F403
from offorte_portal.settings import INSTALLED_APPS as ALL

INSTALLED_APPS = [app for app in ALL if app not in os.environ["LEFT_OUT"].split(",")]
