"""Reading details again in the background: those that changed, may have changed unnoticed, or were incomplete.

`sources` decides what is read next and in which order, `reader` reads it, one turn a minute, and `vanished` mails the
administrators about keys that no answer has any more.
"""
