from django.urls import include, path

from offorte_portal.connections.oauth.urls import handshake_urls

urlpatterns = [
    path("offorte/", include(handshake_urls)),
]
