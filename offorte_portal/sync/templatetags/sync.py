from django import template

from offorte_portal.sync.names import resource_name

register = template.Library()
register.filter(resource_name)
