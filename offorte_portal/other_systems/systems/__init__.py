"""The other systems: the requests that each needs, and the meaning of its answers.

Plain Python without models; `other_systems` stores the results. Nothing here changes anything in another system. A
system is a package with a reader, which makes requests, and a mapper, which interprets the answers; `registry` lists
it.
"""
