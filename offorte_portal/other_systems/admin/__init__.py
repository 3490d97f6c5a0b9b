from offorte_portal.other_systems.admin import party, quote, source

__all__ = ["party", "quote", "source"]
