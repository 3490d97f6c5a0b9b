"""What is told in English where there is no translation, in the language of whoever reads it.

Offorte's client is plain Python, and the reasons that a sync or a connection stores are for nobody in particular. Both
are translated where they are shown, by these texts. Texts with a number or an error's own name in them stay English.
"""

from django.utils.translation import gettext, gettext_noop, ngettext_lazy

from offorte_portal.mirror.omissions import CODE as OMITTED
from offorte_portal.mirror.pages import NOT_STORED
from offorte_portal.sync.details import UNKNOWN_WORDS
from offorte_portal.writes.reasons import CANCELLED_BY, CANCELLED_LATE_BY, DONE_BY, NOT_DONE_BY

ERRORS = (
    gettext_noop("Something went wrong with Offorte."),
    gettext_noop("This account is not connected to Offorte."),
    gettext_noop("Offorte no longer accepts this connection. It has to be connected again."),
    gettext_noop("Offorte hides this item from the portal."),
    gettext_noop("Offorte could not find this item."),
    gettext_noop("This item was removed at Offorte."),
    gettext_noop("Offorte did not accept this."),
    gettext_noop("Offorte takes no more requests for the moment."),
    gettext_noop("Offorte can't be reached at the moment."),
    gettext_noop("Offorte takes too long to answer."),
    gettext_noop("Offorte's answer was lost, so it is not known whether this was done."),
    gettext_noop("Offorte gave an answer that the portal does not understand."),
    gettext_noop("Offorte answered something else than a list."),
    gettext_noop("Offorte answered something else than one item."),
    gettext_noop("Offorte can't answer at the moment."),
    gettext_noop("Offorte sent the portal on to another address, which it does not follow."),
    gettext_noop("The connection to Offorte was lost."),
    gettext_noop("The address of Offorte's API is not valid."),
    gettext_noop("Offorte's certificate can't be verified."),
    gettext_noop("Offorte's answer is too long."),
    gettext_noop("Offorte's answer is empty."),
    gettext_noop("The stored token of this account can't be used."),
)
CONNECTING = (
    gettext_noop("Offorte's address is not https, so that no token or secret is sent there."),
    gettext_noop("Offorte's two addresses have to be https both, or both on this machine."),
    gettext_noop("Offorte no longer accepts what was agreed. The account has to be connected again."),
    gettext_noop("Offorte refused the client ID or the client secret. Correct them, then connect again."),
    gettext_noop("Offorte's answer holds no token."),
    gettext_noop("Offorte's answer holds no readable refresh token."),
    gettext_noop("Offorte can't answer at the moment. Try again later."),
    gettext_noop("Offorte does not know this account. Check the account name."),
    gettext_noop("Offorte refused to issue a token."),
    gettext_noop("Offorte gave no refresh token. The account has to be connected again when its token ends."),
)
# What a sync puts before an error's text, with a colon between.
SYNCING = (
    gettext_noop("This list could not be read"),
    gettext_noop("The details could not be read"),
    gettext_noop("Whether absent objects are gone could not be found out"),
    gettext_noop("The database could not be written"),
    gettext_noop("Unexpected error"),
    UNKNOWN_WORDS,
    NOT_STORED,
)
# What a write puts before the name of a person, with a colon between; its other reasons are in `services/writes`.
WRITING = (CANCELLED_BY, CANCELLED_LATE_BY, DONE_BY, NOT_DONE_BY)
DRAFTING = (
    gettext_noop("The portal can't send this to Offorte."),
    gettext_noop("A number in this has too many digits to be sent to Offorte exactly."),
)
# Django's own, where it has no Dutch, or one that does not fit: "synced now", or formal where the portal is not.
DJANGO = (
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


def translate_message(text: str) -> str:
    """The text of an error or a stored reason as it should be read; what is not known stays as it is."""
    if text.startswith(OMITTED):
        return gettext("Offorte's answer left out “%(key)s”, so what was known of it stays.") % {
            "key": text.removeprefix(OMITTED)
        }
    before, colon, after = text.partition(": ")
    if before in SYNCING:
        return gettext(before) + colon + gettext(after)
    if before in WRITING:
        return gettext(before) + colon + after
    return gettext(text)
