from offorte_portal.mirror.models.mirrored import Mirrored, MirroredQuerySet
from offorte_portal.mirror.models.omitted_key import OmittedKey
from offorte_portal.mirror.models.sorting import ListIndex, list_index, removed_index, sort_key

__all__ = ["ListIndex", "Mirrored", "MirroredQuerySet", "OmittedKey", "list_index", "removed_index", "sort_key"]
