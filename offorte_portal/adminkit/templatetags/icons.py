"""Lucide's icons, cached: the library itself parses an icon's XML again for each use on each page."""

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide as draw

register = template.Library()
lucide = register.simple_tag(lru_cache(maxsize=1024)(draw), name="lucide")
