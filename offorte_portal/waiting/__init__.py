"""Clicks that need an answer from another server, without a web process that stands still for it.

1. A view that asks another server is marked (`marks.asks_elsewhere`).
2. `middleware` has such a request done by a thread of this process (`pool`) and waits a moment for it. Offorte normally
   answers in that moment, and then nothing differs from any other request.
3. Where it does not, the person is sent to a page that says what is going on and asks every second (`pages`).
   What the thread answers is kept in a row (`HeldAnswer`, `holding`), encrypted, since any web process may be asked for
   it, and is shown once, as it would have been shown at first: the next page, or the form again with the refusal at
   its field.
4. Where no thread is free, writes are left to the worker at once (`connections/patience`).

A process that dies loses no write: each is an `Operation` before it is a request, and the worker's sweep finds it.
"""
