"""Registers the secrets of other systems, which are encrypted, and what follows from connecting an Offorte account."""

from offorte_portal.connections import hooks
from offorte_portal.connections.secrets import StoredSecrets, register
from offorte_portal.other_systems import kept_selection
from offorte_portal.other_systems.models import Source

register(
    StoredSecrets(
        model=Source,
        columns=("secret", "token"),
        name="systems",
        title="other systems",
        label="the system",
        named_by="label",
    )
)

hooks.register(hooks.Hooks(connected=kept_selection.remind))
