"""Bringing django-q's table of schedules up to date after every migration."""

from django.apps import apps
from django.db.models.signals import post_migrate

from offorte_portal.runs.schedules import synchronise

post_migrate.connect(synchronise, sender=apps.get_app_config("runs"), dispatch_uid="schedules")
