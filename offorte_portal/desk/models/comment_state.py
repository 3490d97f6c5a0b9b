"""Who answers a prospect's question. `Activity` stores whether it was read."""

from django.conf import settings
from django.db import models

from offorte_portal.activity.models import Activity


class CommentState(models.Model):
    """The person that a question is assigned to."""

    activity = models.OneToOneField(Activity, models.CASCADE, primary_key=True, related_name="comment_state")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    assigned_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.activity_id}: {self.assigned_to_id}"
