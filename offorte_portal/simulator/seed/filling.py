"""Fills an account with data of a given size."""

import random

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.seed.catalog import add_catalog, add_settings
from offorte_portal.simulator.seed.contacts import add_companies, add_people
from offorte_portal.simulator.seed.proposals import add_proposals
from offorte_portal.simulator.size import Size


def fill(account: Account, *, size: Size, seed: int) -> None:
    """The same account, size, seed and day give the same data; its moments end with today's midnight (UTC)."""
    rng = random.Random(f"{seed}:{account.name}")
    today = account.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    add_settings(account, size.users)
    add_companies(account, rng, size.companies)
    add_people(account, rng, size.people)
    add_catalog(account, rng, size.directories, size.products)
    add_proposals(account, rng, size.proposals, today)
