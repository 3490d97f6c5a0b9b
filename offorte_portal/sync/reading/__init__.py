"""Reading details again in the background: what changed, what may have changed unseen, what an answer left out.

`sources` says what is to be read next and in which order, `reader` reads it, a turn a minute, `vanished` tells the
administrators of keys that no answer holds any more.
"""
