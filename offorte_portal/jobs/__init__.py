"""Bulk actions: they turn selected rows into operations, follow those, and undo them.

    registry    find(name) -> Action                 raises UnknownActionError (a LookupError)
                actions_for(model, user)             those that the person may use
    previews    preview(action, selection, options, by) -> Preview
                items(action, selection, options, by) -> Iterator[Item]     lazy, in the selection's order
    starting    start(action, *, selection, options, by, key) -> Job
    counts      progress(job) -> Progress
    rights      may_see(job, user), may_control(job, user) -> bool
    control     pause, resume, cancel, retry_failed(job, by) -> bool        False if there was nothing to do
    undoing     can_undo(job) -> Reason | None       None if the job can be undone, else why not
                undo(job, by, key) -> Job            raises NotUndoableError with the same reason
    parameters  Names().show(parameter, value, connection_id), label(target, parameter)     text for people
    planning    plan(job_id);  control  sweep();  ending  finish_ended()       for the worker

`selection` holds keys of rows of the portal (`pk`), `options` what `Action.clean` returned: call it with what the form
holds; it raises ValidationError by option. Functions that start or control a job raise PermissionDenied.

Actions are declared in the `actions` modules of apps and rooms. These are their options; amounts are text or Decimal:

    proposals.mark_won|mark_closed|mark_open|mark_edit   -
    proposals.mark_lost          `to_options(why)` of tracking/losses.py, for each proposal
    proposals.set_owner          owner: AccountUser
    proposals.set_design         template: DesignTemplate
    proposals.set_text           template: TextTemplate
    proposals.set_contacts       who: "everyone" | "chosen"; people: [Person] for "chosen"
    proposals.send               who: "chosen" | "everyone"; send_method: "offorte" | "self"; words: "message" |
                                 "template"; send_message: str; send_message_id: EmailTemplate
    proposals.import             (rows of an upload: compose/many/starting.py)
    proposals.rename             pattern: str with {name} {number} {company} {date}
    proposals.set_value          value: amount
    proposals.delete             -
    proposals.refresh            -            (reads only: no operations)
    companies.create_proposals   pattern: str with {company} {city} {template} {owner} {date}; rows by parameter:
                                 proposal_template_id, account_user_id, …; tables: [Table]; who: "everyone" | "only" |
                                 "nobody"; again: bool
    companies.set_fields         fields: {parameter: str}, of CompanyDraft
    companies.delete             people: "skip" (those that have any) | "delete" | "move"; company: Company for "move"
    companies.merge              survivor: Company, whether it is among the selected or not
    people.set_fields            fields: {parameter: str}, of PersonDraft
    people.move                  company: Company; proposals: "move" (those with no other receiver) | "leave"
    people.delete                -
    products.reprice             percent: amount, amount: amount (one of them or both); rounding: amount, default 0.01;
                                 direction: "nearest" | "up" | "down"; vat_group: VatGroup or None
    products.set_vat_group       vat_group: VatGroup
    products.move                directory: ProductDirectory
    products.set_optional        is_optional: bool
    products.delete              -
"""
