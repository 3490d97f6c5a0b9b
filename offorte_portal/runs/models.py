"""When something that has to go on was seen to go on."""

from django.db import models


class Pulse(models.Model):
    """One moment that is written again and again. See `runs/beats.py`."""

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
