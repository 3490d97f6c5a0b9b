from offorte_portal.mirror.models.mirrored import Mirrored, MirroredQuerySet
from offorte_portal.mirror.models.omitted_key import OmittedKey
from offorte_portal.mirror.models.sorting import FoldedField, ListIndex, list_index, lowered, removed_index, sort_key

__all__ = [
    "FoldedField",
    "ListIndex",
    "Mirrored",
    "MirroredQuerySet",
    "OmittedKey",
    "list_index",
    "lowered",
    "removed_index",
    "sort_key",
]
