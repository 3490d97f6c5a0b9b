"""Reading an account into the mirror.

A run has three stages: `lists`, so that everything can be browsed within minutes; `absences`, for what the complete
lists no longer held; `details`, newest first, of the proposals that changed. `runs` starts and ends runs, and `work`
advances them a slice at a time, in any process.
"""
