from django.conf import settings
from django.db import models


class Preferences(models.Model):
    """What a person has chosen for the portal as they see it; nothing without a row."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="preferences")
    # The language of their pages, mails and files; "" for that of the browser, or the portal's.
    language = models.CharField(max_length=10, default="")
    # For each list that the person changed, by its model's label, the names of its columns in order.
    list_columns = models.JSONField(default=dict)
    # When they last said that they have seen what had failed.
    failures_seen_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user_id)
