"""A bare view that only inserts a row, and dj-stripe's view."""

import uuid

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from offorte_portal.webhooks.models import WebhookEvent


@csrf_exempt
def insert(request: HttpRequest, pk: int) -> HttpResponse:
    """Insert the body through the ORM, and do nothing else."""
    WebhookEvent.objects.create(
        connection_id=pk, body=request.body, digest=uuid.uuid4().hex, received_at=timezone.now()
    )
    return HttpResponse()


urlpatterns: list[URLPattern | URLResolver] = [path("bare/<int:pk>/", insert)]
if apps.is_installed("djstripe"):
    urlpatterns.append(path("stripe/", include("djstripe.urls", namespace="djstripe")))
