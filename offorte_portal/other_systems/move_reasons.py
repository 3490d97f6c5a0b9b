"""What people should know about the customers and products of other systems before these are brought to Offorte."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from offorte_portal.runs.reasons import ReasonCode, register


@register
class MoveReason(ReasonCode):
    """Why something is not created in Offorte."""

    MATCHED = "other_systems.move.matched", _("Offorte already has %(name)s (#%(id)s).")
    SAME_AS = "other_systems.move.same_as", _("It is the same as %(name)s in the other system, which is created once.")
    DOUBTFUL = "other_systems.move.doubtful", _("It may be %(name)s (#%(id)s) in Offorte. Choose first.")
    LEFT_BY_CHOICE = "other_systems.move.left_by_choice", _("You chose to leave it out.")
    MADE = "other_systems.move.made", _("It was brought to Offorte before.")
    UNDER_WAY = "other_systems.move.under_way", _("It is already being created in Offorte.")
    UNKNOWN = (
        "other_systems.move.unknown",
        _("We don’t know yet whether Offorte created it. Settle that in the change log first."),
    )
    OTHER_ACCOUNT = "other_systems.move.other_account", _("It was brought to another Offorte account.")
    GONE = "other_systems.move.gone", _("The other system no longer has it, or has made it inactive.")
    NAMELESS = "other_systems.move.nameless", _("It has no name.")
    NO_EMAIL = "other_systems.move.no_email", _("Offorte requires an e-mail address for every person.")
    NO_COMPANY = "other_systems.move.no_company", _("It belongs to no company that was read.")
    COMPANY_LEFT_OUT = "other_systems.move.company_left_out", _("Its company isn’t in Offorte and is left out.")
    DIRECTORY_LEFT_OUT = "other_systems.move.directory_left_out", _("Its product directory can’t be created.")
    SUPPLIER = "other_systems.move.supplier", _("It is a supplier, not a customer.")
    OTHER_CURRENCY = "other_systems.move.other_currency", _("Its price is in %(currency)s.")
    CHANGED = "other_systems.move.changed", _("It has changed since you confirmed. Look at it again.")
    NOT_ALLOWED = "other_systems.move.not_allowed", _("You don’t have permission to create this.")
    REPLACED = "other_systems.move.replaced", _("A later job creates it instead.")


@register
class MoveWarning(ReasonCode):
    """What Offorte has no place for, or what can't be known for certain."""

    ADDRESS_USED = (
        "other_systems.move.address_used",
        _("Offorte has one address: the %(used)s is used. Left out: %(left)s."),
    )
    NUMBER_LEFT_OUT = "other_systems.move.number_left_out", _("Offorte has no customer number. Left out: %(value)s.")
    GROUPS_LEFT_OUT = "other_systems.move.groups_left_out", _("Offorte has no customer groups. Left out: %(value)s.")
    TAGS_LEFT_OUT = "other_systems.move.tags_left_out", _("Offorte has no tags here. Left out: %(value)s.")
    PHONE_LEFT_OUT = "other_systems.move.phone_left_out", _("Offorte has one phone number here. Left out: %(value)s.")
    TITLE_LEFT_OUT = "other_systems.move.title_left_out", _("Offorte has no job titles. Left out: %(value)s.")
    TEXT_LEFT_OUT = "other_systems.move.text_left_out", _("Offorte has no remarks on companies. Left out: %(value)s.")
    PARENT_LEFT_OUT = "other_systems.move.parent_left_out", _("Offorte has no parent companies. Left out: %(value)s.")
    UNIT_IN_TEXT = "other_systems.move.unit_in_text", _("Offorte has no units. The description now says: %(value)s.")
    DISCOUNT_LEFT_OUT = (
        "other_systems.move.discount_left_out",
        _("Offorte has no discounts on products. Left out: %(value)s."),
    )
    PRICE_MISSING = "other_systems.move.price_missing", _("It has no price, so the product gets none.")
    NUMBER_UNREAD = "other_systems.move.number_unread", _("“%(field)s” couldn’t be read: %(value)s.")
    NO_VAT_GROUP = (
        "other_systems.move.no_vat_group",
        _("The account has no single VAT group of %(rate)s%%, so Offorte chooses one."),
    )
    VAT_MISSING = "other_systems.move.vat_missing", _("It has no VAT rate, so Offorte chooses the VAT group.")
    GROUP_UNNAMED = "other_systems.move.group_unnamed", _("The name of its group couldn’t be read.")
    PEOPLE_UNREAD = (
        "other_systems.move.people_unread",
        _("It has people of its own, in a form that isn’t documented. They are left out."),
    )
    ODD = (
        "other_systems.move.odd",
        _("The portal couldn’t make sense of all of it. The details are in the portal’s log."),
    )


@register
class AddressKind(ReasonCode):
    """The addresses of a company, as parts of sentences."""

    POSTAL = "other_systems.address.postal", pgettext_lazy("kind of address", "postal address")
    VISITING = "other_systems.address.visiting", pgettext_lazy("kind of address", "visiting address")
    INVOICE = "other_systems.address.invoice", pgettext_lazy("kind of address", "invoice address")
    DELIVERY = "other_systems.address.delivery", pgettext_lazy("kind of address", "delivery address")
    LISTED = "other_systems.address.listed", "%(kind)s (%(text)s)"
    SEVERAL = "other_systems.address.several", "%(first)s, %(rest)s"
