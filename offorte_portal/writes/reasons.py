"""Reason codes of operations, and their texts."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import Reason, ReasonCode, put_into_words, register


@register
class WriteReason(ReasonCode):
    """Why an operation waits, ended, or has an unknown outcome."""

    EARLIER_PENDING = "writes.earlier_pending", _("An earlier change to the same record has to be sent first.")
    STEP_PENDING = "writes.step_pending", _("The previous step isn’t done yet.")
    JOB_HALTED = "writes.job_halted", _("The bulk job is paused.")
    QUEUED = "writes.queued", _("Waiting for its turn.")
    OVER_BUDGET = (
        "writes.over_budget",
        _("Offorte isn’t accepting more requests right now. This will be sent as soon as it does."),
    )
    BUSY = "writes.busy", _("The portal’s database was busy. This will be sent in a moment.")
    INTERRUPTED = "writes.interrupted", _("The portal was interrupted while sending this. It will be sent again.")
    MAY_BE_DONE = (
        "writes.may_be_done",
        _("Offorte’s answer was lost. This will be sent again; if it was already done, that changes nothing."),
    )
    LOST = (
        "writes.lost",
        _("Offorte’s answer was lost, so we don’t know whether this was done. The portal will check."),
    )
    NO_ID = "writes.no_id", _("Offorte did this but didn’t return an ID. The portal is looking for it.")
    NOT_FOUND_YET = (
        "writes.not_found_yet",
        _("We haven’t found this in Offorte. We’ll check once more before it’s sent again."),
    )
    SEVERAL = "writes.several", _("Several records in Offorte could be this one. Someone needs to decide.")
    UNLIKE = (
        "writes.unlike",
        _("Offorte has a record with this name that doesn’t quite match what was requested. Someone needs to decide."),
    )
    CANT_LOOK = (
        "writes.cant_look",
        _("We can’t tell whether Offorte did this. Someone needs to check in Offorte and decide."),
    )
    UNSURE = (
        "writes.unsure",
        _("Offorte has a record with this name, but it may be someone else’s. Someone needs to decide."),
    )
    MAIL_NOT_FOUND_YET = (
        "writes.mail_not_found_yet",
        _("We haven’t found this in Offorte yet. We’ll check again in a moment."),
    )
    UNLIKE_MAIL = (
        "writes.unlike_mail",
        _("Offorte has an e-mail that may or may not be this one. Someone needs to decide."),
    )
    UNTOLD_MAILS = (
        "writes.untold_mails",
        _("Offorte didn’t say which e-mails it sent, so we can’t tell. Someone needs to decide."),
    )
    UNREADABLE = (
        "writes.unreadable",
        _("Offorte did this, but we couldn’t read its answer. You’ll see the result after the next sync."),
    )
    NOT_SHOWN = "writes.not_shown", _("Offorte doesn’t show whether this was carried out. Someone needs to decide.")
    NOT_DONE = "writes.not_done", _("We checked Offorte: this wasn’t done. It will be sent again.")
    NOT_SENT = "writes.not_sent", _("We checked Offorte: this wasn’t sent. It won’t be sent again automatically.")
    CHANGED_MEANWHILE = (
        "writes.changed_meanwhile",
        _("This was changed in Offorte in the meantime, so nothing was sent."),
    )
    STATUS_CHANGED = (
        "writes.status_changed",
        _("Its status has changed since the preview, so nothing was sent."),
    )
    STEP_FAILED = "writes.step_failed", _("The previous step wasn’t done.")
    JOB_CANCELLED = "writes.job_cancelled", _("The bulk job was cancelled.")
    NO_STEP_ID = "writes.no_step_id", _("This needs an ID from an earlier step, and that ID is unknown.")
    TOO_OFTEN = "writes.too_often", _("Offorte failed to do this too many times.")
    NO_PERMISSION = "writes.no_permission", _("The person who requested this no longer has permission to do it.")
    MAY_NOT_CHOOSE_OWNER = (
        "writes.may_not_choose_owner",
        _("The person who requested this isn’t allowed to choose the proposal’s owner. Ask a manager to retry it."),
    )
    NO_ACCOUNT = "writes.no_account", _("The person who requested this no longer has an account here.")
    CANCELLED_BY = "writes.cancelled_by", _("Cancelled by: %(name)s")
    CANCELLED_LATE_BY = (
        "writes.cancelled_late_by",
        _("Sent once without an answer, so it may have been done. Then cancelled by: %(name)s"),
    )
    NOT_DONE_BY = "writes.not_done_by", _("Checked and marked as not done by: %(name)s")
    DONE_BY = "writes.done_by", _("Checked and marked as done by: %(name)s")
    NOTHING_TO_CHANGE = "writes.nothing_to_change", _("There’s nothing to change.")
    INCOMPLETE = (
        "writes.incomplete",
        _("Part of this address is hidden. Enter the full address: the portal doesn’t store webhook secrets."),
    )
    NO_AMOUNT = "writes.no_amount", _("This isn’t an amount. Write it like 1,234.50.")
    NO_PERCENTAGE = "writes.no_percentage", _("This isn’t a percentage. Write it like 12.5.")
    # No longer given, but stored with rows of files.
    AMOUNT_AMBIGUOUS = (
        "writes.amount_ambiguous",
        _("“%(text)s” can be read in two ways. Write %(large)s, or %(small)s with more or fewer decimals."),
    )
    TOO_MANY_DIGITS = "writes.too_many_digits", _("An amount has at most %(most)s digits before the decimals.")
    TOO_MANY_DECIMALS = "writes.too_many_decimals", _("An amount has at most %(most)s decimals.")


def describe_field_error(text: str) -> str:
    """Return the text of a field error, which is a reason code of the portal or Offorte's own text."""
    return put_into_words(Reason(text))
