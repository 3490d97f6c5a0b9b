from catalog.actions.products import DeleteProducts, MoveProducts, SetOptional, SetVatGroup
from catalog.actions.reprice import Reprice
from offorte_portal.jobs.registry import register

register(Reprice(), SetVatGroup(), MoveProducts(), SetOptional(), DeleteProducts(), position=70)
