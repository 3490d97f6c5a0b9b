"""Reason codes of operations, and their texts."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import Reason, ReasonCode, put_into_words, register


@register
class WriteReason(ReasonCode):
    """Why an operation waits, ended, or has an unknown outcome."""

    EARLIER_PENDING = "writes.earlier_pending", _("An earlier change of the same thing has to go out first.")
    STEP_PENDING = "writes.step_pending", _("The step before this one is not done yet.")
    JOB_HALTED = "writes.job_halted", _("Its job is paused.")
    QUEUED = "writes.queued", _("Waits for its turn.")
    OVER_BUDGET = (
        "writes.over_budget",
        _("Offorte takes no more requests for the moment. This goes out as soon as it does."),
    )
    BUSY = "writes.busy", _("The portal's database was busy. This goes out in a moment.")
    INTERRUPTED = "writes.interrupted", _("The portal was interrupted while this was sent. It is sent again.")
    MAY_BE_DONE = (
        "writes.may_be_done",
        _("Offorte's answer was lost. It is sent again, which changes nothing if it was done."),
    )
    LOST = (
        "writes.lost",
        _("Offorte's answer was lost, so it is not known whether this was done. The portal will look."),
    )
    NO_ID = "writes.no_id", _("Offorte did this but did not say under which ID. The portal looks for it.")
    NOT_FOUND_YET = (
        "writes.not_found_yet",
        _("The portal has not found this at Offorte. It looks once more before it is sent again."),
    )
    SEVERAL = "writes.several", _("Offorte holds several things that might be this. Somebody has to decide.")
    UNLIKE = (
        "writes.unlike",
        _("Offorte holds something of this name that is not quite what was asked. Somebody has to decide."),
    )
    CANT_LOOK = (
        "writes.cant_look",
        _("The portal can't tell whether Offorte did this. Somebody has to look there and decide."),
    )
    UNSURE = (
        "writes.unsure",
        _("Offorte holds something of this name, but it may be somebody else's. Somebody has to decide."),
    )
    MAIL_NOT_FOUND_YET = (
        "writes.mail_not_found_yet",
        _("We haven't found this at Offorte yet. We'll look again in a moment."),
    )
    UNLIKE_MAIL = (
        "writes.unlike_mail",
        _("Offorte holds a mail that may or may not be this one. Somebody has to decide."),
    )
    UNTOLD_MAILS = (
        "writes.untold_mails",
        _("Offorte didn't say which mails it has sent, so we can't tell. Somebody has to decide."),
    )
    UNREADABLE = (
        "writes.unreadable",
        _("Offorte did this, but the portal couldn't read its answer. The portal shows it after the next sync."),
    )
    NOT_SHOWN = "writes.not_shown", _("Offorte doesn't show whether this was carried out. Somebody has to decide.")
    NOT_DONE = "writes.not_done", _("The portal looked at Offorte: this was not done. It is sent again.")
    NOT_SENT = "writes.not_sent", _("The portal looked at Offorte: this was not sent. It is not sent again by itself.")
    CHANGED_MEANWHILE = (
        "writes.changed_meanwhile",
        _("This was changed at Offorte meanwhile, so that nothing was sent."),
    )
    STEP_FAILED = "writes.step_failed", _("The step before this one was not done.")
    JOB_CANCELLED = "writes.job_cancelled", _("The job was cancelled.")
    NO_STEP_ID = "writes.no_step_id", _("The ID that this needs from a step before it is not known.")
    TOO_OFTEN = "writes.too_often", _("Offorte failed at this too often.")
    NO_PERMISSION = "writes.no_permission", _("Whoever asked for this is no longer allowed to do it.")
    MAY_NOT_CHOOSE_OWNER = (
        "writes.may_not_choose_owner",
        _(
            "Whoever asked for this may not choose the proposal's owner. Somebody who may, such as a manager, can "
            "retry it."
        ),
    )
    NO_ACCOUNT = "writes.no_account", _("Whoever asked for this no longer has an account here.")
    CANCELLED_BY = "writes.cancelled_by", _("Cancelled by: %(name)s")
    CANCELLED_LATE_BY = (
        "writes.cancelled_late_by",
        _("Sent once without an answer, so that it may have been done, and then cancelled by: %(name)s"),
    )
    NOT_DONE_BY = "writes.not_done_by", _("Looked at and found not done by: %(name)s")
    DONE_BY = "writes.done_by", _("Looked at and found done by: %(name)s")
    NOTHING_TO_CHANGE = "writes.nothing_to_change", _("There is nothing to change in this.")
    INCOMPLETE = (
        "writes.incomplete",
        _("Part of this address is left out. Write it in full: the portal keeps no secrets of webhooks."),
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
