"""Lucide's icons, each drawn once: the library takes the icon's XML apart anew for every use on every page."""

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide as draw

register = template.Library()
lucide = register.simple_tag(lru_cache(maxsize=1024)(draw), name="lucide")
