"""The words of a page in the language of its reader."""

from typing import Any

from django.utils.translation import gettext, override, pgettext


class Words:
    """The texts of pages in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, text: str, *, context: str = "", **values: Any) -> str:
        """Return a text as the page has it, with its values filled in."""
        with override(self.language):
            found = pgettext(context, text) if context else gettext(text)
        return found % values if values else found
