"""What the desk shows: what needs attention, how hot proposals are, what they add up to, what to come back to.

Pages read what `standings` and `rollups` keep; both are worked out again by `sweep`, once a minute, and at once for a
proposal whose details were read.
"""
