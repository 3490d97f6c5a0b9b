from django.conf import settings
from django.db import models


class Preferences(models.Model):
    """What a person has chosen for the pages that only they see."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    # For each list that the person changed, by its model's label, the names of its columns in order.
    list_columns = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user_id)
