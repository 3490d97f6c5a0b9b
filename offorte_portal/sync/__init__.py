"""Reading an account into the mirror.

A run goes through three stages: `lists`, so that everything can be browsed within minutes; `absences`, what a complete
generation of lists no longer held; `details`, newest first, of the proposals that changed. `runs` starts and ends runs,
`work` advances them a slice at a time, whichever process is at hand.
"""
