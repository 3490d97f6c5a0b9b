"""Reasons why a proposal is not created or not sent."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.runs.reasons import ReasonCode, register


@register
class SendReason(ReasonCode):
    """Why nothing was sent, for the person who wanted to send it."""

    SENT_MEANWHILE = (
        "compose.sent_meanwhile",
        _("This proposal was sent, or queued to be sent, after you opened this page. Check it again, then decide."),
    )
    NOT_SENDABLE = "compose.not_sendable", _("Only a proposal that is in edit or open can be sent.")
    APPROVAL_NEEDED = "compose.approval_needed", _("A manager has to approve this before it is sent.")
    CHANGED_MEANWHILE = (
        "compose.changed_meanwhile",
        _("The value or discount has changed since you opened this page. Check it again, then decide."),
    )
    DECIDED_MEANWHILE = "compose.decided_meanwhile", _("Someone has already decided on this request.")
    NOBODY = (
        "compose.nobody",
        _(
            "Not everyone can receive this proposal any more: a recipient is no longer at "
            "the company or has no e-mail address. Choose the recipients again."
        ),
    )


@register
class DraftReason(ReasonCode):
    NAMELESS = "compose.draft.nameless", _("Give the proposal a name.")
    NAME_EMPTY = (
        "compose.draft.name_empty",
        _("{%(name)s} has no value yet. Choose it below, or write the name out."),
    )
    NAME_UNKNOWN = (
        "compose.draft.name_unknown",
        _("{%(name)s} can’t be used in a name. Write out what the prospect should read."),
    )
    NO_COMPANY = "compose.draft.no_company", _("Choose the company that the proposal is for.")
    COMPANY_GONE = "compose.draft.company_gone", _("%(name)s is no longer in Offorte. Choose another company.")
    THIS_COMPANY = "compose.draft.this_company", _("This company")
    CONTACT_GONE = (
        "compose.draft.contact_gone",
        _("%(name)s is no longer at this company. Choose the recipients again."),
    )
    NO_ADDRESS = "compose.draft.no_address", _("%(name)s has no e-mail address and can’t receive the proposal.")
    CHOICE_GONE = "compose.draft.choice_gone", _("%(name)s is no longer in Offorte. Choose another one.")
    NOT_IN_THEIR_NAME = (
        "compose.draft.not_in_their_name",
        _("You can’t create proposals in the name of %(owner)s. Choose another owner, or ask %(owner)s to create it."),
    )
    TABLE_WITHOUT_ID = (
        "compose.draft.table_without_id",
        _("Enter this price table’s unique ID in the template."),
    )
    TABLE_ID_TWICE = "compose.draft.table_id_twice", _("Another table already has this unique ID.")
    ROW_EMPTY = "compose.draft.row_empty", _("Enter text for this row.")
    COUNT_MISSING = "compose.draft.count_missing", _("Enter a quantity.")
    PRICE_MISSING = "compose.draft.price_missing", _("Enter a price.")
    NO_AMOUNT = (
        "compose.draft.no_amount",
        _("“%(text)s” isn’t an amount. Enter it like 1,234.50."),
    )
    TOO_MANY_DIGITS = "compose.draft.too_many_digits", _("Enter at most %(most)s digits before the decimal point.")
    TOO_MANY_DECIMALS = "compose.draft.too_many_decimals", _("Enter at most %(most)s decimals.")
    BELOW_ZERO = (
        "compose.draft.below_zero",
        _("The quantity can’t be below zero. To take something off, enter a negative price."),
    )
    DISCOUNT_MISSING = (
        "compose.draft.discount_missing",
        _("Enter a percentage. To take off an amount, add a row with a negative price instead."),
    )
    DISCOUNT_RANGE = "compose.draft.discount_range", _("A discount must be between 0 and 100 percent.")
    VAT_MISSING = "compose.draft.vat_missing", _("Choose a VAT rate.")
    VAT_RANGE = "compose.draft.vat_range", _("A VAT rate must be between 0 and 100 percent.")
    # A reason in Offorte's own words.
    OFFORTE_SAID = "compose.draft.offorte_said", _("Offorte: %(text)s")


@register
class ManyReason(ReasonCode):
    """Why rows of a file create no proposal, and other remarks about them."""

    SEVERAL_COMPANIES = (
        "compose.many.several_companies",
        _("Several companies match “%(name)s”: %(ids)s. Enter the Offorte ID of the right one."),
    )
    COMPANY_UNTOLD = "compose.many.company_untold", _("The row doesn’t name a company.")
    COMPANY_NAMED = "compose.many.company_named", _("In Offorte this company is called “%(name)s”.")
    NO_COMPANY = "compose.many.no_company", _("This account has no company “%(name)s”.")
    NO_COMPANY_ID = "compose.many.no_company_id", _("This account has no company with the Offorte ID %(id)s.")
    NO_COMPANY_NAMELESS = (
        "compose.many.no_company_nameless",
        _("This account has no company “%(name)s”. To create it, the row also needs its name."),
    )
    COMPANY_MADE = (
        "compose.many.company_made",
        _("The company “%(name)s” isn’t in this account yet and is created first."),
    )
    OTHER_ROW_BAD = (
        "compose.many.other_row_bad",
        _("This row belongs to the same proposal as row %(number)s, which has a problem."),
    )
    GROUP_DIFFERS = (
        "compose.many.group_differs",
        _("%(field)s: row %(number)s in the same group has a different value."),
    )
    NAME_UNKNOWN = "compose.many.name_unknown", _("Name: the portal can’t fill in {%(name)s}.")
    DUPLICATE = (
        "compose.many.duplicate",
        _("The company already has a proposal with this name that is in edit or open."),
    )
    DUPLICATE_ROW = (
        "compose.many.duplicate_row",
        _("Row %(number)s is a proposal with the same name for the same company."),
    )
    NAME_HOLE = "compose.many.name_hole", _("Name: a value for “%(pattern)s” is missing.")
    BELONGS_TO = "compose.many.belongs_to", _("Part of the proposal in row %(number)s.")
    NAME_TOO_LONG = "compose.many.name_too_long", _("Name: at most %(most)s characters.")
    NOBODY_TO_MAIL = (
        "compose.many.nobody_to_mail",
        _("No contact at the company has an e-mail address, so the proposal has no recipients."),
    )
    SEVERAL_PEOPLE = (
        "compose.many.several_people",
        _("Several people at the company match “%(name)s”. Enter the e-mail address of the right one."),
    )
    NOBODY = "compose.many.nobody", _("The company has no contact “%(name)s”.")
    NO_ADDRESS = "compose.many.no_address", _("%(name)s has no e-mail address and can’t receive the proposal.")
    NOBODY_INCOMPLETE = (
        "compose.many.nobody_incomplete",
        _("The company has no contact “%(name)s”. To create one, the row needs both a name and an e-mail address."),
    )
    PERSON_MADE = "compose.many.person_made", _("%(name)s isn’t a contact of the company yet and is created first.")
    DISCOUNT_RANGE = "compose.many.discount_range", _("A discount must be between 0 and 100 percent.")
    DISCOUNT_TAKEN = (
        "compose.many.discount_taken",
        _("Offorte doesn’t accept a discount on a single row. The price becomes %(price)s instead."),
    )
    TOO_MANY_ROWS = "compose.many.too_many_rows", _("A proposal can have at most %(most)s rows.")
    NO_SUCH = "compose.many.no_such", _("%(field)s: this account has no “%(name)s”.")
    SEVERAL_SUCH = "compose.many.several_such", _("%(field)s: several are called “%(name)s”.")
    OWN_NAME_ONLY = "compose.many.own_name_only", _("Owner: you can only create proposals in your own name.")
