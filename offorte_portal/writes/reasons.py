"""Why an operation stands where it stands, as it is stored; translated where it is shown (`adminkit/messages.py`)."""

from django.utils.translation import gettext_noop

EARLIER_PENDING = gettext_noop("An earlier change of the same thing has to go out first.")
STEP_PENDING = gettext_noop("The step before this one is not done yet.")
JOB_HALTED = gettext_noop("Its job is paused.")
QUEUED = gettext_noop("Waits for its turn.")
OVER_BUDGET = gettext_noop("Offorte takes no more requests for the moment. This goes out as soon as it does.")
BUSY = gettext_noop("The portal's database was busy. This goes out in a moment.")
INTERRUPTED = gettext_noop("The portal was interrupted while this was sent. It is sent again.")
MAY_BE_DONE = gettext_noop("Offorte's answer was lost. It is sent again, which changes nothing if it was done.")
LOST = gettext_noop("Offorte's answer was lost, so it is not known whether this was done. The portal will look.")
NO_ID = gettext_noop("Offorte did this but did not say under which ID. The portal looks for it.")
NOT_FOUND_YET = gettext_noop("The portal has not found this at Offorte. It looks once more before it is sent again.")
SEVERAL = gettext_noop("Offorte holds several things that might be this. Somebody has to decide.")
UNLIKE = gettext_noop("Offorte holds something of this name that is not quite what was asked. Somebody has to decide.")
CANT_LOOK = gettext_noop("The portal can't tell whether Offorte did this. Somebody has to look there and decide.")
UNSURE = gettext_noop("Offorte holds something of this name, but it may be somebody else's. Somebody has to decide.")
MAIL_NOT_FOUND_YET = gettext_noop("We haven't found this at Offorte yet. We'll look again in a moment.")
UNLIKE_MAIL = gettext_noop("Offorte holds a mail that may or may not be this one. Somebody has to decide.")
UNTOLD_MAILS = gettext_noop("Offorte didn't say which mails it has sent, so we can't tell. Somebody has to decide.")
UNREADABLE = gettext_noop(
    "Offorte did this, but the portal couldn't read its answer. The portal shows it after the next sync."
)
NOT_SHOWN = gettext_noop("Offorte doesn't show whether this was carried out. Somebody has to decide.")
NOT_DONE = gettext_noop("The portal looked at Offorte: this was not done. It is sent again.")
NOT_SENT = gettext_noop("The portal looked at Offorte: this was not sent. It is not sent again by itself.")
CHANGED_MEANWHILE = gettext_noop("This was changed at Offorte meanwhile, so that nothing was sent.")
STEP_FAILED = gettext_noop("The step before this one was not done.")
JOB_CANCELLED = gettext_noop("The job was cancelled.")
NO_STEP_ID = gettext_noop("The ID that this needs from a step before it is not known.")
TOO_OFTEN = gettext_noop("Offorte failed at this too often.")
NO_PERMISSION = gettext_noop("Whoever asked for this is no longer allowed to do it.")
MAY_NOT_CHOOSE_OWNER = gettext_noop(
    "Whoever asked for this may not choose the proposal's owner. Somebody who may, such as a manager, can retry it."
)
NO_ACCOUNT = gettext_noop("Whoever asked for this no longer has an account here.")
# With the person's name after a colon.
CANCELLED_BY = gettext_noop("Cancelled by")
CANCELLED_LATE_BY = gettext_noop("Sent once without an answer, so that it may have been done, and then cancelled by")
NOT_DONE_BY = gettext_noop("Looked at and found not done by")
DONE_BY = gettext_noop("Looked at and found done by")


def named(text: str, name: str) -> str:
    """A reason with the name of a person in it."""
    return f"{text}: {name}"
