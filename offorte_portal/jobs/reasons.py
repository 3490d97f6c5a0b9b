"""Reasons why a row of a job is left out, why a job ended, or why it can't be undone."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class JobReason(ReasonCode):
    REFUSED = "jobs.refused", _("The portal can't send this to Offorte.")
    UNREADABLE = "jobs.unreadable", _("Offorte's answer could not be read.")
    MISSING = "jobs.missing", _("Some of the selected rows are no longer in the portal.")
    REMOVED = "jobs.removed", _("Removed at Offorte.")
    HIDDEN = "jobs.hidden", _("Hidden at Offorte.")
    NOT_YOURS = "jobs.not_yours", _("This is not yours to change.")
    PENDING = "jobs.pending", _("Another change of this is still waiting to be sent.")
    DELETING = "jobs.deleting", _("Is about to be deleted.")
    OTHER_ACCOUNT = "jobs.other_account", _("Belongs to another account.")
    ALREADY_SO = "jobs.already_so", _("Is so already.")
    ALREADY_EDIT = "jobs.already_edit", _("Already in edit.")
    ALREADY_OPEN = "jobs.already_open", _("Already open.")
    ALREADY_WON = "jobs.already_won", _("Already won.")
    ALREADY_LOST = "jobs.already_lost", _("Already lost.")
    ALREADY_CLOSED = "jobs.already_closed", _("Already closed.")
    NO_NUMBER = "jobs.no_number", _("Its number is not known.")
    NO_COMPANY = "jobs.no_company", _("Its company is not known.")
    NOBODY_TO_MAIL = "jobs.nobody_to_mail", _("Its company has nobody with an e-mail address.")
    NOBODY_CHOSEN = "jobs.nobody_chosen", _("None of the chosen people is at its company.")
    PRICE_UNKNOWN = "jobs.price_unknown", _("Its price is not known.")
    PRICE_NEGATIVE = "jobs.price_negative", _("The new price would be below zero.")
    PRICE_TOO_LARGE = "jobs.price_too_large", _("The new price would be too large.")
    HAS_PEOPLE = "jobs.has_people", _("Has people.")
    CHANGED_SINCE = (
        "jobs.changed_since",
        _("This is no longer what it was when it was confirmed. Look at the file once more."),
    )
    TARGET_GONE = "jobs.target_gone", _("What it should go to is no longer there.")
    PERSON_INCOMPLETE = "jobs.person_incomplete", _("Offorte takes nobody without a name and an e-mail address.")
    PEOPLE_INCOMPLETE = (
        "jobs.people_incomplete",
        _("One of its people has no name or no e-mail address, and Offorte takes nobody without."),
    )
    HOLE_IN_NAME = "jobs.hole_in_name", _("Something that its name is made of is not known.")
    DUPLICATE = (
        "jobs.duplicate",
        _("Its company has a proposal of this name in edit or open already, or one is about to be made."),
    )
    CHOICE_GONE = "jobs.choice_gone", _("A template or the owner that was chosen is no longer at Offorte.")
    COMPANY_GONE = "jobs.company_gone", _("The company is no longer at Offorte.")
    CONTACTS_GONE = (
        "jobs.contacts_gone",
        _("One of the receivers is no longer at the company, or has no e-mail address any more."),
    )
    NOT_A_DRAFT = "jobs.not_a_draft", _("Is not in edit: only what was never sent is sent together with others.")
    SENT_BEFORE = "jobs.sent_before", _("Was sent before. To send it once more, do so on its own page.")
    SENDING = "jobs.sending", _("Is about to be sent already.")
    NOT_READ = "jobs.not_read", _("Its details were never read. Refresh it first.")
    APPROVAL_WAITING = "jobs.approval_waiting", _("Waits to be approved before it is sent.")
    APPROVAL_NEEDED = "jobs.approval_needed", _("A manager has to approve it: send it on its own page, which asks one.")
    RECEIVER_UNKNOWN = (
        "jobs.receiver_unknown",
        _("Who receives it was not chosen, or nobody of them has an e-mail address."),
    )
    HOLE_IN_MESSAGE = "jobs.hole_in_message", _("A placeholder of the message would be empty for one of its receivers.")
    STOPPED = (
        "jobs.stopped",
        _(
            "The worker was stopped every time it went on from here. Resume the job; if it stops here again, ask "
            "whoever runs the portal to look at the worker's log."
        ),
    )
    NOT_ALLOWED = "jobs.not_allowed", _("Who started this may no longer do it.")
    ACTIVE = "jobs.active", _("The job has not ended yet.")
    NOT_UNDOABLE = "jobs.not_undoable", _("Offorte can't undo this.")
    NOTHING_DONE = "jobs.nothing_done", _("Nothing of this job was done.")
    BEFORE_UNKNOWN = "jobs.before_unknown", _("What was there before is not known.")
    BEFORE_REFUSED = "jobs.before_refused", _("Offorte does not take what was there before.")
    ITSELF_UNDONE = "jobs.itself_undone", _("Was undone by itself already.")
    TOO_OLD = "jobs.too_old", _("This is more than 30 days ago.")
    BEING_UNDONE = "jobs.being_undone", _("This job is being undone.")
    ALREADY_UNDONE = "jobs.already_undone", _("This job has been undone.")
    IS_UNDO = "jobs.is_undo", _("This job has itself undone another.")
    MAY_NOT_DELETE = "jobs.may_not_delete", _("You may not delete proposals.")
    MAY_NOT_DELETE_THIS = "jobs.may_not_delete_this", _("You may not delete this.")
    IN_USE = "jobs.in_use", _("Has people or proposals by now.")
    DELETED_SINCE = "jobs.deleted_since", _("What it belonged to was deleted.")


# By the status that the proposal already has.
ALREADY = {
    "edit": JobReason.ALREADY_EDIT,
    "open": JobReason.ALREADY_OPEN,
    "won": JobReason.ALREADY_WON,
    "lost": JobReason.ALREADY_LOST,
    "closed": JobReason.ALREADY_CLOSED,
}
