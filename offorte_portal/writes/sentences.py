"""What happened to a proposal, in words: in its own timeline, and in feed, bell and mails with the proposal's name.

One module, so that the same thing is called the same everywhere. Timelines know the meanings of the log
(`mirror/history.py`), the others the kinds of `Activity`.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from offorte_portal.mirror.history import Code

# In a timeline, after the person.
DONE: dict[Code, str | Promise] = {
    Code.CREATED: gettext_lazy("created the proposal"),
    Code.MODIFIED: gettext_lazy("changed the proposal"),
    Code.SENT: gettext_lazy("sent the proposal"),
    Code.SENT_BY_ONESELF: gettext_lazy("passed on the links"),
    Code.VIEWED: gettext_lazy("viewed the proposal"),
    Code.VIEWED_PDF: gettext_lazy("opened the PDF"),
    Code.DOWNLOADED: gettext_lazy("downloaded the PDF"),
    Code.COMMENTED: gettext_lazy("commented"),
    Code.CHOSE: gettext_lazy("changed options"),
    Code.SIGNED: gettext_lazy("signed the proposal"),
    Code.WON: gettext_lazy("marked the proposal as won"),
    Code.LOST: gettext_lazy("marked the proposal as lost"),
    Code.CLOSED: gettext_lazy("closed the proposal"),
    Code.REOPENED: gettext_lazy("reopened the proposal"),
    Code.BACK_IN_EDIT: gettext_lazy("moved the proposal back to edit"),
    Code.OPENED: gettext_lazy("marked the proposal as open"),
    Code.OWNER_CHANGED: gettext_lazy("changed the owner"),
    Code.PRICE_CHANGED: gettext_lazy("changed the price"),
    Code.REMINDED: gettext_lazy("sent a reminder"),
    Code.DELETED: gettext_lazy("deleted the proposal"),
}
# Where it is said otherwise of the prospect.
BY_CLIENT: dict[Code, str | Promise] = {
    Code.WON: gettext_lazy("accepted the proposal"),
    Code.LOST: gettext_lazy("declined the proposal"),
}
# Of a change that takes another one back.
UNDONE: dict[Code, str | Promise] = {
    Code.REOPENED: gettext_lazy("undid the decision"),
    Code.OWNER_CHANGED: gettext_lazy("undid the change of owner"),
    Code.PRICE_CHANGED: gettext_lazy("undid the change of price"),
    Code.MODIFIED: gettext_lazy("undid a change"),
}

# With the proposal's name, after the person and without one.
SOMEBODY: dict[str, str | Promise] = {
    "created": gettext_lazy("%(person)s created %(proposal)s"),
    "sent": gettext_lazy("%(person)s sent %(proposal)s"),
    "viewed": gettext_lazy("%(person)s viewed %(proposal)s"),
    "pdf": gettext_lazy("%(person)s opened the PDF of %(proposal)s"),
    "commented": gettext_lazy("%(person)s asked a question about %(proposal)s"),
    "answered": gettext_lazy("%(person)s answered a question about %(proposal)s"),
    "chose": gettext_lazy("%(person)s changed the options of %(proposal)s"),
    "signed": gettext_lazy("%(person)s signed %(proposal)s"),
    "won": gettext_lazy("%(person)s marked %(proposal)s as won"),
    "lost": gettext_lazy("%(person)s marked %(proposal)s as lost"),
    "closed": gettext_lazy("%(person)s closed %(proposal)s"),
    "reopened": gettext_lazy("%(person)s reopened %(proposal)s"),
    "owner": gettext_lazy("%(person)s changed the owner of %(proposal)s"),
    "price": gettext_lazy("%(person)s changed the price of %(proposal)s"),
}
# For entries without a person.
NOBODY: dict[str, str | Promise] = {
    "created": gettext_lazy("%(proposal)s was created"),
    "sent": gettext_lazy("%(proposal)s was sent"),
    "viewed": gettext_lazy("%(proposal)s was viewed"),
    "pdf": gettext_lazy("The PDF of %(proposal)s was opened"),
    "commented": gettext_lazy("%(proposal)s has a new question"),
    "answered": gettext_lazy("%(proposal)s has a new answer"),
    "chose": gettext_lazy("The options of %(proposal)s were changed"),
    "signed": gettext_lazy("%(proposal)s was signed"),
    "won": gettext_lazy("%(proposal)s was won"),
    "lost": gettext_lazy("%(proposal)s was lost"),
    "closed": gettext_lazy("%(proposal)s was closed"),
    "reopened": gettext_lazy("%(proposal)s was reopened"),
    "owner": gettext_lazy("The owner of %(proposal)s was changed"),
    "price": gettext_lazy("The price of %(proposal)s was changed"),
}


# For several proposals that one bulk job changed: the reader's own, and everybody's.
OF_YOURS: dict[str, str | Promise] = {
    "created": gettext_lazy("%(person)s created %(count)s proposals for you"),
    "sent": gettext_lazy("%(person)s sent %(count)s of your proposals"),
    "won": gettext_lazy("%(person)s marked %(count)s of your proposals as won"),
    "lost": gettext_lazy("%(person)s marked %(count)s of your proposals as lost"),
    "closed": gettext_lazy("%(person)s closed %(count)s of your proposals"),
    "reopened": gettext_lazy("%(person)s reopened %(count)s of your proposals"),
    "owner": gettext_lazy("%(person)s made you the owner of %(count)s proposals"),
    "price": gettext_lazy("%(person)s changed the price of %(count)s of your proposals"),
}
OF_ALL: dict[str, str | Promise] = {
    "created": gettext_lazy("%(person)s created %(count)s proposals"),
    "sent": gettext_lazy("%(person)s sent %(count)s proposals"),
    "won": gettext_lazy("%(person)s marked %(count)s proposals as won"),
    "lost": gettext_lazy("%(person)s marked %(count)s proposals as lost"),
    "closed": gettext_lazy("%(person)s closed %(count)s proposals"),
    "reopened": gettext_lazy("%(person)s reopened %(count)s proposals"),
    "owner": gettext_lazy("%(person)s changed the owner of %(count)s proposals"),
    "price": gettext_lazy("%(person)s changed the price of %(count)s proposals"),
}
# For a change that takes another one back: of one proposal, of several of the reader's own, and of everybody's.
TAKEN_BACK: dict[str, str | Promise] = {
    "reopened": gettext_lazy("%(person)s undid the decision on %(proposal)s"),
    "owner": gettext_lazy("%(person)s undid the change of owner of %(proposal)s"),
    "price": gettext_lazy("%(person)s undid the change of price of %(proposal)s"),
}
TAKEN_BACK_OF_YOURS: dict[str, str | Promise] = {
    "reopened": gettext_lazy("%(person)s undid the decision on %(count)s of your proposals"),
    "owner": gettext_lazy("%(person)s undid the change of owner of %(count)s of your proposals"),
    "price": gettext_lazy("%(person)s undid the change of price of %(count)s of your proposals"),
}
TAKEN_BACK_OF_ALL: dict[str, str | Promise] = {
    "reopened": gettext_lazy("%(person)s undid the decision on %(count)s proposals"),
    "owner": gettext_lazy("%(person)s undid the change of owner of %(count)s proposals"),
    "price": gettext_lazy("%(person)s undid the change of price of %(count)s proposals"),
}
# A win by the prospect.
ACCEPTED = gettext_lazy("%(person)s accepted %(proposal)s")
