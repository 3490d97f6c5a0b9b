"""Clicks that need an answer from another server, without blocking a web process.

1. A view that asks another server is marked (`marks.asks_elsewhere`).
2. `middleware` has a thread of this process (`pool`) handle the request and waits for it briefly. Offorte normally
   answers in that time, and then the request is like any other.
3. Where it does not, the person is sent to a page that says what is going on and polls every second (`pages`).
   The thread's answer is stored in a row (`HeldAnswer`, `holding`), encrypted, since any web process may be asked for
   it. It is shown once, exactly as it would have been shown at first: the next page, or the form again with the error
   at its field.
4. Where no thread is free, writes are left to the worker at once (`connections/patience`).

A process that dies loses no write: each is an `Operation` before it is a request, and the worker's sweep finds it.
"""
