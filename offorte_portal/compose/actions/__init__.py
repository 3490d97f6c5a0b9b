from offorte_portal.compose.actions.create import CreateProposals
from offorte_portal.compose.actions.rows import CreateFromRows
from offorte_portal.compose.actions.send import SendProposals
from offorte_portal.jobs.registry import register

register(SendProposals(), position=20)
register(CreateProposals(), position=40)
register(CreateFromRows(), position=90)
