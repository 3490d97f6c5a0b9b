from django.urls import include, path

from offorte_portal.other_systems.pages.copying import copy_urls
from offorte_portal.other_systems.pages.moving import move_urls
from offorte_portal.other_systems.pages.quotes import quote_urls
from offorte_portal.other_systems.pages.selection import selection_urls
from offorte_portal.other_systems.pages.sources import source_urls

urlpatterns = [
    path("sources/", include(source_urls + move_urls)),
    path("quotes/", include(quote_urls + copy_urls + selection_urls)),
]
