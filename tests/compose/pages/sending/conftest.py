"""A proposal that can be sent, and the browser of the seller whose it is."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from proposals.models import Proposal
from tests.support.bulk import sign_in


@pytest.fixture
def url(proposal: Proposal) -> str:
    return f"/send/{proposal.pk}/"


@pytest.fixture
def client(seller: User) -> Client:
    return sign_in(seller)
