"""Why a row of a job is left out, or a job ended: stored in English, translated where it is shown."""

from django.utils.translation import gettext_noop

REFUSED = gettext_noop("The portal can't send this to Offorte.")
UNREADABLE = gettext_noop("Offorte's answer could not be read.")
MISSING = gettext_noop("Some of the selected rows are no longer in the portal.")
REMOVED = gettext_noop("Removed at Offorte.")
HIDDEN = gettext_noop("Hidden at Offorte.")
NOT_YOURS = gettext_noop("This is not yours to change.")
PENDING = gettext_noop("Another change of this is still waiting to be sent.")
DELETING = gettext_noop("Is about to be deleted.")
OTHER_ACCOUNT = gettext_noop("Belongs to another account.")
ALREADY_SO = gettext_noop("Is so already.")
ALREADY = {
    "edit": gettext_noop("Already in edit."),
    "open": gettext_noop("Already open."),
    "won": gettext_noop("Already won."),
    "lost": gettext_noop("Already lost."),
    "closed": gettext_noop("Already closed."),
}
NO_NUMBER = gettext_noop("Its number is not known.")
NO_COMPANY = gettext_noop("Its company is not known.")
NOBODY_TO_MAIL = gettext_noop("Its company has nobody with an e-mail address.")
NOBODY_CHOSEN = gettext_noop("None of the chosen people is at its company.")
PRICE_UNKNOWN = gettext_noop("Its price is not known.")
PRICE_NEGATIVE = gettext_noop("The new price would be below zero.")
PRICE_TOO_LARGE = gettext_noop("The new price would be too large.")
HAS_PEOPLE = gettext_noop("Has people.")
CHANGED_SINCE = gettext_noop("This is no longer what it was when it was confirmed. Look at the file once more.")
TARGET_GONE = gettext_noop("What it should go to is no longer there.")
PERSON_INCOMPLETE = gettext_noop("Offorte takes nobody without a name and an e-mail address.")
PEOPLE_INCOMPLETE = gettext_noop(
    "One of its people has no name or no e-mail address, and Offorte takes nobody without."
)

HOLE_IN_NAME = gettext_noop("Something that its name is made of is not known.")
TWIN = gettext_noop("Its company has a proposal of this name in edit or open already, or one is about to be made.")
CHOICE_GONE = gettext_noop("A template or the owner that was chosen is no longer at Offorte.")
COMPANY_GONE = gettext_noop("The company is no longer at Offorte.")
CONTACTS_GONE = gettext_noop("One of the receivers is no longer at the company, or has no e-mail address any more.")

NOT_A_DRAFT = gettext_noop("Is not in edit: only what was never sent is sent together with others.")
SENT_BEFORE = gettext_noop("Was sent before. To send it once more, do so on its own page.")
SENDING = gettext_noop("Is about to be sent already.")
NOT_READ = gettext_noop("Its details were never read. Refresh it first.")
APPROVAL_WAITING = gettext_noop("Waits to be approved before it is sent.")
APPROVAL_NEEDED = gettext_noop("A manager has to approve it: send it on its own page, which asks one.")
RECEIVER_UNKNOWN = gettext_noop("Who receives it was not chosen, or nobody of them has an e-mail address.")
HOLE_IN_MESSAGE = gettext_noop("A placeholder of the message would be empty for one of its receivers.")

CANCELLED = gettext_noop("The job was cancelled.")
STOPPED = gettext_noop(
    "The worker was stopped every time it went on from here. Resume the job; if it stops here again, ask whoever runs "
    "the portal to look at the worker's log."
)
NOT_ALLOWED = gettext_noop("Who started this may no longer do it.")

ACTIVE = gettext_noop("The job has not ended yet.")
NOT_UNDOABLE = gettext_noop("Offorte can't undo this.")
NOTHING_DONE = gettext_noop("Nothing of this job was done.")
BEFORE_UNKNOWN = gettext_noop("What was there before is not known.")
BEFORE_REFUSED = gettext_noop("Offorte does not take what was there before.")
ITSELF_UNDONE = gettext_noop("Was undone by itself already.")
TOO_OLD = gettext_noop("This is more than 30 days ago.")
BEING_UNDONE = gettext_noop("This job is being undone.")
ALREADY_UNDONE = gettext_noop("This job has been undone.")
IS_UNDO = gettext_noop("This job has itself undone another.")
MAY_NOT_DELETE = gettext_noop("You may not delete proposals.")
MAY_NOT_DELETE_THIS = gettext_noop("You may not delete this.")
IN_USE = gettext_noop("Has people or proposals by now.")
DELETED_SINCE = gettext_noop("What it belonged to was deleted.")

# All of them, for `adminkit/messages.py`.
ALL = (*ALREADY.values(), *(text for name, text in list(globals().items()) if name.isupper() and isinstance(text, str)))
