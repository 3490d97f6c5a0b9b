from django.urls import path

from offorte_portal.connections.oauth import views

# Not called `urlpatterns`, or allauth would mount them a second time below /accounts/.
handshake_urls = [
    path("<str:account>/login/", views.login, name="offorte_login"),
    path("<str:account>/callback/", views.callback, name="offorte_callback"),
]
