from django.conf import settings
from django.db import models


class ChosenLanguage(models.Model):
    """The language that a person reads the portal and its mails in; without a row the browser's, and the portal's."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="chosen_language"
    )
    language = models.CharField(max_length=10)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.language
