"""What makes two price rows the same: Offorte's product id, else the SKU, else the same text.

Keys are "id:123", "sku:abc" and "text:…", of folded letters and digits. A row has one key; a product may be found by
several.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from html import unescape

from django.core.exceptions import SuspiciousOperation
from django.utils.html import strip_tags

from catalog.models import Product
from offorte_portal.text.keys import match_key

READ_CHARACTERS = 10_000
PLAIN_CHARACTERS = 60
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|td|th|h[1-6]|blockquote|dt|dd)>", re.IGNORECASE)
_UNREAD = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Identity:
    """What a price is looked up for: a product's id in its account, its SKU, and the texts that its rows may have."""

    remote_id: int | None = None
    sku: str = ""
    texts: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in the order in which they count."""
        own = [f"id:{self.remote_id}"] if self.remote_id else []
        return tuple(dict.fromkeys([*own, *self.shared_keys]))

    @property
    def shared_keys(self) -> tuple[str, ...]:
        """The keys that mean the same in other accounts."""
        named = [_key("sku", self.sku), *(_key("text", text) for text in self.texts)]
        return tuple(dict.fromkeys(filter(None, named)))


def identify(product: Product) -> Identity:
    """Return what a product's prices are looked up by. Drafts write its description below its name."""
    about = plain(product.descr_short or "")
    texts = (product.name, f"{product.name} {about}") if about else (product.name,)
    return Identity(product.remote_id, product.sku or "", texts)


def row_key(product_remote_id: int | None, sku: str, content: str) -> str:
    """Return the key of a price row with this HTML as its content; "" for one that says nothing."""
    if product_remote_id:
        return f"id:{product_remote_id}"
    return _key("sku", sku) or _key("text", plain(content))


def plain(html: str) -> str:
    """Return HTML as lines of text; "" for what can't be read."""
    try:
        text = unescape(strip_tags(_BREAK.sub("\n", _UNREAD.sub("", html[:READ_CHARACTERS]))))
    except SuspiciousOperation:
        return ""
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _key(kind: str, text: str) -> str:
    folded = match_key(text.replace("\x00", "")[:READ_CHARACTERS])
    if len(folded) > PLAIN_CHARACTERS:
        folded = f"{folded[:PLAIN_CHARACTERS]}-{sha256(folded.encode()).hexdigest()[:16]}"
    return f"{kind}:{folded}" if folded else ""
