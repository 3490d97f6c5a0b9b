"""The proposal workshop: drafts that become proposals, and proposals that are sent.

`document` is what a draft's price tables look like, `totals` adds them up, `validation` finds what is missing,
`mapping` makes the request. `drafts` saves and creates, `sources` says what a new one begins with. `sending` sees to it
that nobody is mailed twice, `approval` that a manager is asked where one has to be, `placeholders` fills in words.
`many` makes them by the hundred.
"""
