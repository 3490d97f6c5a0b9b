"""How people are named on screen, in mails, in files and in the log of changes: by their name, not by their login."""

from django.contrib.auth.models import User


def shown_name(person: User) -> str:
    """Return the person's full name; without one the e-mail address, and without that the username."""
    return person.get_full_name() or person.email or person.get_username()


def with_login(person: User) -> str:
    """Return the shown name with the username behind it, for a record of somebody who is no longer there."""
    name, login = shown_name(person), person.get_username()
    return name if name == login else f"{name} ({login})"


# Django's own pages, messages and log, and every field that offers people, show `str(user)`.
User.add_to_class("__str__", shown_name)
