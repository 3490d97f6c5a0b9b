"""Writing to Offorte: what a person asks for becomes an `Operation`, is sent once, and always gets an outcome.

`asking` makes the row, `claims` ensures that one process sends it and in the right order, `sending` sends it and
`keeping` applies the result to the mirror. It is sent in the person's own request (`performing`) or by the worker
(`draining`). `candidates`, `evidence`, `sent_mails` and `settling` look for answers that were lost. `targets` declares
what can be written.
"""
