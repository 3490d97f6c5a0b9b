"""Bulk actions: from what was selected to the operations that carry it out, and back.

    find(name) -> Action                       raises UnknownActionError (a LookupError)
    actions_for(model, user) -> list[Action]   those that the person may use
    Names().show(parameter, value, connection_id), label(target, parameter)     values and parameters in words
    preview(action, selection, options, by) -> Preview
    items(action, selection, options, by) -> Iterator[Item]     lazily, in the selection's order: tables, CSV
    start(action, *, selection, options, by, key) -> Job
    progress(job) -> Progress
    may_see(job, user), may_control(job, user) -> bool
    pause, resume, cancel, retry_failed(job, by) -> bool        False where there was nothing to do
    can_undo(job) -> str                       "" when it can, else why not, in English for translate_message
    undo(job, by, key) -> Job                  raises NotUndoableError with the same reason
    duplicate_groups(connection_id) -> list[Group]      companies that may be one, for companies.merge
    plan(job_id), sweep(), finish_ended()      for the worker

`selection` holds keys of rows of the portal (`pk`), `options` what `Action.clean` answered: call it with what the form
holds, it raises ValidationError by option. All that start or control something raise PermissionDenied.

Actions and their options (keys of rows are `pk`s, amounts text or Decimal):

    proposals.mark_won|mark_closed|mark_open|mark_edit   -
    proposals.mark_lost          reason: str, kept in the job only
    proposals.set_owner          owner: AccountUser
    proposals.set_design         template: DesignTemplate
    proposals.set_text           template: TextTemplate
    proposals.set_contacts       who: "everyone" | "chosen"; people: [Person] for "chosen"
    proposals.send               who: "chosen" | "everyone"; send_method: "offorte" | "self"; words: "message" |
                                 "template"; send_message: str; send_message_id: EmailTemplate
    proposals.import             (rows of an upload: services/compose/many/starting.py)
    proposals.rename             pattern: str with {name} {number} {company} {date}
    proposals.set_value          value: amount
    proposals.delete             -
    proposals.refresh            -            (reads only: no operations)
    companies.create_proposals   pattern: str with {company} {city} {template} {owner} {date}; things by parameter:
                                 proposal_template_id, account_user_id, …; tables: [Table]; who: "everyone" | "only" |
                                 "nobody"; again: bool
    companies.set_fields         fields: {parameter: str}, of CompanyDraft
    companies.delete             people: "skip" (those that have any) | "delete" | "move"; company: Company for "move"
    companies.merge              survivor: Company, whether it is among the selected or not
    people.set_fields            fields: {parameter: str}, of PersonDraft
    people.move                  company: Company; proposals: "move" (those that nobody else receives) | "leave"
    people.delete                -
    products.reprice             percent: amount, amount: amount (one of them or both); rounding: amount, default 0.01;
                                 direction: "nearest" | "up" | "down"; vat_group: VatGroup or None
    products.set_vat_group       vat_group: VatGroup
    products.move                directory: ProductDirectory
    products.set_optional        is_optional: bool
    products.delete              -
"""

from offorte_portal.jobs.action import Action
from offorte_portal.jobs.control import cancel, pause, resume, retry_failed
from offorte_portal.jobs.counts import progress
from offorte_portal.jobs.duplicates import Group, Sign, duplicate_groups
from offorte_portal.jobs.ending import finish_ended
from offorte_portal.jobs.parameters import Names, label
from offorte_portal.jobs.planning import plan
from offorte_portal.jobs.previews import items, preview
from offorte_portal.jobs.registry import UnknownActionError, actions_for, find
from offorte_portal.jobs.results import Change, Item, Preview, Progress
from offorte_portal.jobs.rights import may_control, may_see
from offorte_portal.jobs.starting import start
from offorte_portal.jobs.sweeping import sweep
from offorte_portal.jobs.undoing import NotUndoableError, can_undo, undo

__all__ = [
    "Action",
    "Change",
    "Group",
    "Item",
    "Names",
    "NotUndoableError",
    "Preview",
    "Progress",
    "Sign",
    "UnknownActionError",
    "actions_for",
    "can_undo",
    "cancel",
    "duplicate_groups",
    "find",
    "finish_ended",
    "items",
    "label",
    "may_control",
    "may_see",
    "pause",
    "plan",
    "preview",
    "progress",
    "resume",
    "retry_failed",
    "start",
    "sweep",
    "undo",
]
