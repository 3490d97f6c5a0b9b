"""Registers the secrets of connections to other systems, which are encrypted like Offorte's tokens."""

from offorte_portal.connections.secrets import StoredSecrets, register
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
