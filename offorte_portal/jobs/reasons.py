"""Reasons why a row of a job is left out, why a job ended, or why it can't be undone."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class JobReason(ReasonCode):
    REFUSED = "jobs.refused", _("The portal can’t send this to Offorte.")
    UNREADABLE = "jobs.unreadable", _("We couldn’t read Offorte’s answer.")
    MISSING = "jobs.missing", _("Some of the selected rows are no longer in the portal.")
    REMOVED = "jobs.removed", _("Deleted in Offorte.")
    HIDDEN = "jobs.hidden", _("Hidden in Offorte.")
    NOT_YOURS = "jobs.not_yours", _("You don’t have permission to change this.")
    PENDING = "jobs.pending", _("Another change to this is still waiting to be sent.")
    DELETING = "jobs.deleting", _("About to be deleted.")
    OTHER_ACCOUNT = "jobs.other_account", _("Belongs to another account.")
    ALREADY_SO = "jobs.already_so", _("Already set to this.")
    ALREADY_EDIT = "jobs.already_edit", _("Already in edit.")
    ALREADY_OPEN = "jobs.already_open", _("Already open.")
    ALREADY_WON = "jobs.already_won", _("Already won.")
    ALREADY_LOST = "jobs.already_lost", _("Already lost.")
    ALREADY_CLOSED = "jobs.already_closed", _("Already closed.")
    KEPT_HERE = "jobs.kept_here", _("The reason was saved in the portal. Nothing was sent to Offorte.")
    REASON_CHANGED = "jobs.reason_changed", _("Somebody has changed the reason since.")
    NO_NUMBER = "jobs.no_number", _("The number is unknown.")
    NO_COMPANY = "jobs.no_company", _("The company is unknown.")
    NOBODY_TO_MAIL = "jobs.nobody_to_mail", _("The company has no people with an e-mail address.")
    NOBODY_CHOSEN = "jobs.nobody_chosen", _("None of the chosen people belong to this company.")
    PRICE_UNKNOWN = "jobs.price_unknown", _("The price is unknown.")
    PRICE_NOT_REMEMBERED = (
        "jobs.price_not_remembered",
        _("The catalogue price is unknown, and no proposal has a price without VAT."),
    )
    PRICE_NEGATIVE = "jobs.price_negative", _("The new price would be below zero.")
    PRICE_TOO_LARGE = "jobs.price_too_large", _("The new price would be too large.")
    HAS_PEOPLE = "jobs.has_people", _("Still has people.")
    CHANGED_SINCE = (
        "jobs.changed_since",
        _("This has changed since it was confirmed. Review the file again."),
    )
    TARGET_GONE = "jobs.target_gone", _("The destination no longer exists.")
    PERSON_INCOMPLETE = "jobs.person_incomplete", _("Offorte requires a name and an e-mail address.")
    PEOPLE_INCOMPLETE = (
        "jobs.people_incomplete",
        _("One of its people has no name or e-mail address. Offorte requires both."),
    )
    HOLE_IN_NAME = "jobs.hole_in_name", _("Part of its name is unknown.")
    DUPLICATE = (
        "jobs.duplicate",
        _("The company already has a proposal with this name in edit or open, or one is about to be created."),
    )
    CHOICE_GONE = "jobs.choice_gone", _("A chosen template or the chosen owner is no longer in Offorte.")
    COMPANY_GONE = "jobs.company_gone", _("The company is no longer in Offorte.")
    CONTACTS_GONE = (
        "jobs.contacts_gone",
        _("One of the recipients no longer belongs to the company, or no longer has an e-mail address."),
    )
    NOT_A_DRAFT = "jobs.not_a_draft", _("Not in edit. Only proposals that were never sent can be sent in bulk.")
    SENT_BEFORE = "jobs.sent_before", _("Sent before. You can send it again from its own page.")
    SENDING = "jobs.sending", _("Already about to be sent.")
    NOT_READ = "jobs.not_read", _("The details haven’t been read yet. Refresh it first.")
    APPROVAL_WAITING = "jobs.approval_waiting", _("Waiting for approval before it’s sent.")
    APPROVAL_NEEDED = (
        "jobs.approval_needed",
        _("A manager has to approve this. Send it from its own page to request approval."),
    )
    RECEIVER_UNKNOWN = (
        "jobs.receiver_unknown",
        _("No recipients were chosen, or none of them has an e-mail address."),
    )
    HOLE_IN_MESSAGE = (
        "jobs.hole_in_message",
        _("A placeholder in the message would be empty for one of the recipients."),
    )
    STOPPED = (
        "jobs.stopped",
        _(
            "The background worker stopped each time it continued from here. Resume the job. If it stops here "
            "again, ask your administrator to check the worker’s log."
        ),
    )
    NOT_ALLOWED = "jobs.not_allowed", _("The person who started this no longer has permission to do it.")
    ACTIVE = "jobs.active", _("The job hasn’t finished yet.")
    NOT_UNDOABLE = "jobs.not_undoable", _("Offorte can’t undo this.")
    NOTHING_DONE = "jobs.nothing_done", _("This job made no changes.")
    BEFORE_UNKNOWN = "jobs.before_unknown", _("The previous value is unknown.")
    BEFORE_REFUSED = "jobs.before_refused", _("Offorte doesn’t accept the previous value.")
    ITSELF_UNDONE = "jobs.itself_undone", _("Already undone separately.")
    TOO_OLD = "jobs.too_old", _("This was more than 30 days ago.")
    BEING_UNDONE = "jobs.being_undone", _("This job is being undone.")
    ALREADY_UNDONE = "jobs.already_undone", _("This job has been undone.")
    IS_UNDO = "jobs.is_undo", _("This job undid another one.")
    MAY_NOT_DELETE = "jobs.may_not_delete", _("You don’t have permission to delete proposals.")
    MAY_NOT_DELETE_THIS = "jobs.may_not_delete_this", _("You don’t have permission to delete this.")
    IN_USE = "jobs.in_use", _("Has people or proposals now.")
    NO_DRAFT_ANY_MORE = "jobs.no_draft_any_more", _("It’s no longer a draft, so it stays in Offorte.")
    PERSON_IN_USE = "jobs.person_in_use", _("Another proposal names this person.")
    DELETED_SINCE = "jobs.deleted_since", _("The record it belonged to was deleted.")


# By the status that the proposal already has.
ALREADY = {
    "edit": JobReason.ALREADY_EDIT,
    "open": JobReason.ALREADY_OPEN,
    "won": JobReason.ALREADY_WON,
    "lost": JobReason.ALREADY_LOST,
    "closed": JobReason.ALREADY_CLOSED,
}
