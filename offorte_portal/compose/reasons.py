"""Reasons why a proposal is not created or not sent."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class SendReason(ReasonCode):
    """Why nothing was sent, for the person who wanted to send it."""

    SENT_MEANWHILE = (
        "compose.sent_meanwhile",
        _("It was sent since this page was opened, or is about to be. Look again, then decide."),
    )
    NOT_SENDABLE = "compose.not_sendable", _("Only a proposal that is in edit or open can be sent.")
    APPROVAL_NEEDED = "compose.approval_needed", _("This has to be approved before it is sent.")
    CHANGED_MEANWHILE = (
        "compose.changed_meanwhile",
        _("Its value or its discount has changed since you looked. Look again, then decide."),
    )
    DECIDED_MEANWHILE = "compose.decided_meanwhile", _("Somebody has decided about this already.")
    NOBODY = "compose.nobody", _("Nobody is left to receive it: people are gone, or have no e-mail address any more.")


@register
class DraftReason(ReasonCode):
    NAMELESS = "compose.draft.nameless", _("Give the proposal a name.")
    NAME_EMPTY = (
        "compose.draft.name_empty",
        _("{%(name)s} stands for nothing: choose it below, or write the name out."),
    )
    NAME_UNKNOWN = (
        "compose.draft.name_unknown",
        _("{%(name)s} stands for nothing in a name: write out what the prospect is to read."),
    )
    NO_COMPANY = "compose.draft.no_company", _("Choose the company that the proposal is for.")
    COMPANY_GONE = "compose.draft.company_gone", _("%(name)s is no longer at Offorte. Choose another company.")
    THIS_COMPANY = "compose.draft.this_company", _("This company")
    CONTACT_GONE = (
        "compose.draft.contact_gone",
        _("%(name)s is no longer at this company. Choose the receivers anew."),
    )
    NO_ADDRESS = "compose.draft.no_address", _("%(name)s has no e-mail address and can’t receive the proposal.")
    CHOICE_GONE = "compose.draft.choice_gone", _("%(name)s is no longer at Offorte. Choose another one.")
    NOT_IN_THEIR_NAME = (
        "compose.draft.not_in_their_name",
        _("You can’t create proposals in the name of %(owner)s. Choose another owner, or leave it to %(owner)s."),
    )
    TABLE_WITHOUT_ID = (
        "compose.draft.table_without_id",
        _("Write the unique ID that this price table has in the template."),
    )
    TABLE_ID_TWICE = "compose.draft.table_id_twice", _("Another table has this unique ID already.")
    ROW_EMPTY = "compose.draft.row_empty", _("Write what this row says.")
    COUNT_MISSING = "compose.draft.count_missing", _("Write a quantity.")
    PRICE_MISSING = "compose.draft.price_missing", _("The price is not known: write it.")
    NO_AMOUNT = (
        "compose.draft.no_amount",
        _("“%(text)s” isn’t an amount. Write it like 1,234.50."),
    )
    TOO_MANY_DIGITS = "compose.draft.too_many_digits", _("At most %(most)s digits before the decimals.")
    TOO_MANY_DECIMALS = "compose.draft.too_many_decimals", _("At most %(most)s decimals.")
    BELOW_ZERO = (
        "compose.draft.below_zero",
        _("Not below zero. To take something off, write a negative price."),
    )
    DISCOUNT_MISSING = (
        "compose.draft.discount_missing",
        _("Write how many percent. To take an amount off, add a row with a negative price instead."),
    )
    DISCOUNT_RANGE = "compose.draft.discount_range", _("A discount is between 0 and 100 percent.")
    VAT_MISSING = "compose.draft.vat_missing", _("The VAT rate is not known: choose it.")
    VAT_RANGE = "compose.draft.vat_range", _("A VAT rate is between 0 and 100 percent.")
    # A reason in Offorte's own words.
    OFFORTE_SAID = "compose.draft.offorte_said", _("Offorte: %(text)s")


@register
class ManyReason(ReasonCode):
    """Why rows of a file create no proposal, and other remarks about them."""

    SEVERAL_COMPANIES = (
        "compose.many.several_companies",
        _("Several companies are called “%(name)s”: %(ids)s. Write the Offorte ID of the right one."),
    )
    COMPANY_UNTOLD = "compose.many.company_untold", _("It does not say which company it is for.")
    COMPANY_NAMED = "compose.many.company_named", _("In Offorte this company is called “%(name)s”.")
    NO_COMPANY = "compose.many.no_company", _("This account has no company “%(name)s”.")
    NO_COMPANY_ID = "compose.many.no_company_id", _("This account has no company with the Offorte ID %(id)s.")
    NO_COMPANY_NAMELESS = (
        "compose.many.no_company_nameless",
        _("This account has no company “%(name)s”, and to make one takes its name."),
    )
    COMPANY_MADE = "compose.many.company_made", _("The company is made first: this account has no “%(name)s”.")
    OTHER_ROW_BAD = (
        "compose.many.other_row_bad",
        _("It belongs to the same proposal as row %(number)s, which has a problem."),
    )
    GROUP_DIFFERS = (
        "compose.many.group_differs",
        _("%(field)s: row %(number)s, which belongs to the same group, says something else."),
    )
    NAME_UNKNOWN = "compose.many.name_unknown", _("Name: the portal can’t fill in {%(name)s}.")
    DUPLICATE = "compose.many.duplicate", _("The company has a proposal of this name in edit or open already.")
    DUPLICATE_ROW = "compose.many.duplicate_row", _("Row %(number)s is a proposal of this name for the same company.")
    NAME_HOLE = "compose.many.name_hole", _("Name: something is not known that “%(pattern)s” is made of.")
    BELONGS_TO = "compose.many.belongs_to", _("Belongs to the proposal of row %(number)s.")
    NAME_TOO_LONG = "compose.many.name_too_long", _("Name: at most %(most)s characters.")
    NOBODY_TO_MAIL = (
        "compose.many.nobody_to_mail",
        _("The company has nobody with an e-mail address: nobody can receive it."),
    )
    SEVERAL_PEOPLE = (
        "compose.many.several_people",
        _("Several people at the company are “%(name)s”. Write the e-mail address of the right one."),
    )
    NOBODY = "compose.many.nobody", _("The company has nobody like “%(name)s”.")
    NO_ADDRESS = "compose.many.no_address", _("%(name)s has no e-mail address and can’t receive the proposal.")
    NOBODY_INCOMPLETE = (
        "compose.many.nobody_incomplete",
        _("The company has nobody like “%(name)s”, and to make them takes a name and an e-mail address."),
    )
    PERSON_MADE = "compose.many.person_made", _("%(name)s is made first: the company has nobody like that.")
    DISCOUNT_RANGE = "compose.many.discount_range", _("A discount is between 0 and 100 percent.")
    DISCOUNT_TAKEN = (
        "compose.many.discount_taken",
        _("Offorte takes no discount on a single row: its price becomes %(price)s."),
    )
    TOO_MANY_ROWS = "compose.many.too_many_rows", _("At most %(most)s rows in one proposal.")
    NO_SUCH = "compose.many.no_such", _("%(field)s: this account has no “%(name)s”.")
    SEVERAL_SUCH = "compose.many.several_such", _("%(field)s: several are called “%(name)s”.")
    OWN_NAME_ONLY = "compose.many.own_name_only", _("Owner: you may make proposals in your own name only.")
