"""Writing to Offorte: what a person asks for becomes an `Operation`, goes out once, and is settled whatever happens.

`asking` makes the row, `claims` sees to it that one process sends it and in the right order, `sending` sends it and
`keeping` shows what was written. Who sends is either the person's own request (`performing`) or the worker
(`draining`). An answer that was lost is looked for (`candidates`, `evidence`, `sent_mails`, `settling`). `targets` says
what can be written.
"""
