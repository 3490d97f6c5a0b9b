"""Bulk actions: from what was selected to the operations that carry it out, and back.

    registry    find(name) -> Action                 raises UnknownActionError (a LookupError)
                actions_for(model, user)             those that the person may use
    previews    preview(action, selection, options, by) -> Preview
                items(action, selection, options, by) -> Iterator[Item]     lazily, in the selection's order
    starting    start(action, *, selection, options, by, key) -> Job
    counts      progress(job) -> Progress
    rights      may_see(job, user), may_control(job, user) -> bool
    control     pause, resume, cancel, retry_failed(job, by) -> bool        False where there was nothing to do
    undoing     can_undo(job) -> Reason | None       None when it can, else why not
                undo(job, by, key) -> Job            raises NotUndoableError with the same reason
    parameters  Names().show(parameter, value, connection_id), label(target, parameter)     both in words
    planning    plan(job_id);  sweeping  sweep();  ending  finish_ended()      for the worker

`selection` holds keys of rows of the portal (`pk`), `options` what `Action.clean` answered: call it with what the form
holds, it raises ValidationError by option. All that start or control something raise PermissionDenied.

Actions are declared in the `actions` of apps and rooms. Their options; amounts are text or Decimal:

    proposals.mark_won|mark_closed|mark_open|mark_edit   -
    proposals.mark_lost          reason: str, kept in the job only
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
