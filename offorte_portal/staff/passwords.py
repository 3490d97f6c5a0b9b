"""The rule for the length of passwords, with a message in the portal's languages: Django has none in Dutch."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LengthValidator(MinimumLengthValidator):
    """Refuses passwords that are too short."""

    def get_error_message(self) -> str:
        text = ngettext(
            "This password is too short. Use at least %(count)d character.",
            "This password is too short. Use at least %(count)d characters.",
            self.min_length,
        )
        return text % {"count": self.min_length}
