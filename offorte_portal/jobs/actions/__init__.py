"""The bulk actions, in the order in which they are offered."""

from typing import Any

from offorte_portal.jobs.action import Action
from offorte_portal.jobs.actions.companies import DeleteCompanies, SetCompanyFields
from offorte_portal.jobs.actions.compose import CreateProposals
from offorte_portal.jobs.actions.compose_rows import CreateFromRows
from offorte_portal.jobs.actions.contacts import SetContacts
from offorte_portal.jobs.actions.imports import IMPORTS
from offorte_portal.jobs.actions.merge import Merge
from offorte_portal.jobs.actions.people import DeletePeople, MovePeople, SetPersonFields
from offorte_portal.jobs.actions.products import DeleteProducts, MoveProducts, SetOptional, SetVatGroup
from offorte_portal.jobs.actions.proposals import (
    STATUSES,
    DeleteProposals,
    Refresh,
    Rename,
    SetDesign,
    SetOwner,
    SetText,
    SetValue,
)
from offorte_portal.jobs.actions.quotes import RECREATE
from offorte_portal.jobs.actions.reprice import Reprice
from offorte_portal.jobs.actions.send import SendProposals

__all__ = ["COMPANIES", "PEOPLE", "PRODUCTS", "PROPOSALS", "QUOTES", "ROWS"]

PROPOSALS: tuple[Action[Any], ...] = (
    *STATUSES,
    SendProposals(),
    SetOwner(),
    SetDesign(),
    SetText(),
    SetContacts(),
    Rename(),
    SetValue(),
    Refresh(),
    DeleteProposals(),
)
COMPANIES: tuple[Action[Any], ...] = (CreateProposals(), SetCompanyFields(), Merge(), DeleteCompanies())
PEOPLE: tuple[Action[Any], ...] = (SetPersonFields(), MovePeople(), DeletePeople())
PRODUCTS: tuple[Action[Any], ...] = (Reprice(), SetVatGroup(), MoveProducts(), SetOptional(), DeleteProducts())
ROWS: tuple[Action[Any], ...] = (CreateFromRows(), *IMPORTS)
QUOTES: tuple[Action[Any], ...] = (RECREATE,)
