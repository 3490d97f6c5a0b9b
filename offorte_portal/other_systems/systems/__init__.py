"""Quotes of other systems: how each is asked, and what its answers mean.

Plain Python without models: `other_systems` stores what comes out of it. Everything here only reads. A system is one
module with a reader (what to ask for) and a mapper (what the answers mean), declared in `registry`.
"""
