"""Texts of Django's own that the portal says otherwise in Dutch. Nothing imports this: only `makemessages` reads it.

Django has no Dutch for them, or one that does not fit: "synced now", or formal where the portal is not.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

TEXTS = (
    gettext_noop("now"),
    gettext_noop("Add %s"),
    gettext_noop("After you’ve created a user, you’ll be able to edit more user options."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
)
