"""Writing and sending proposals: drafts that become proposals, and proposals that are sent.

`document` is the format of a draft's price tables, `totals` adds them up, `validation` finds what is missing,
`mapping` makes the request. `drafts` saves and creates, `sources` fills new drafts. `sending` makes sure that nobody
is mailed twice, `approval` that a manager is asked if one has to approve, `placeholders` fills in messages and names.
`many` creates proposals by the hundred.
"""
