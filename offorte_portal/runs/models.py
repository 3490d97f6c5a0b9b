"""The signs of life of background work."""

from django.db import models


class Pulse(models.Model):
    """A moment that is written again and again. See `runs/beats.py`."""

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
