"""Deleting a product directory: Offorte deletes only empty ones, so its products are moved first."""

from uuid import uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Product, ProductDirectory
from offorte_portal.adminkit.deletion import RecordDeletion
from offorte_portal.adminkit.formstate import FormState
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.mirror.models import Mirrored
from offorte_portal.writes import asking, queue
from offorte_portal.writes.models import Operation

CHANGE_PRODUCT = "catalog.change_product"


class DirectoryDeletion(RecordDeletion):
    """Deletes an empty directory at once; moves the products of any other one first, to where the person chose."""

    def delete(self, state: FormState, after: Operation | None = None) -> HttpResponse:
        """Queue the moves and then the deletion, each to be sent once the one before it is done."""
        products = list(products_in(self.row))
        if not products:
            return super().delete(state)
        if not self.request.user.has_perm(CHANGE_PRODUCT):
            raise PermissionDenied
        key = self.request.POST.get("move_to", "")
        is_key = key.isdecimal() and len(key) <= 18
        target = other_directories(self.row).filter(pk=int(key)).first() if is_key else None
        if target is None:
            return self.show(state, refusal=_("Choose the directory to move the products to."))
        last = after
        for product in products:
            last = self._move(state, product, target, last)
        self._queue(state, last)
        words = {"count": len(products), "target": target, "name": self.row}
        text = ngettext(
            "%(count)d product is being moved to “%(target)s”. After that, “%(name)s” is deleted. "
            "You don’t have to wait for it.",
            "%(count)d products are being moved to “%(target)s”. After that, “%(name)s” is deleted. "
            "You don’t have to wait for it.",
            len(products),
        )
        messages.warning(self.request, text % words)
        return redirect("admin:catalog_productdirectory_change", self.row.pk)

    def _move(self, state: FormState, product: Product, target: ProductDirectory, after: Operation | None) -> Operation:
        return asking.request(
            connection=self.row.connection,
            # Derived from the form's key, so that a form sent twice moves each product once.
            key=uuid5(state.key, str(product.remote_id)),
            verb=Operation.Verb.CHANGE,
            target="products",
            remote_id=product.remote_id,
            draft={"directory_id": target.remote_id},
            before={"directory_id": self.row.remote_id},
            label=str(product),
            by=staff_user(self.request),
            after=after,
        )

    def _queue(self, state: FormState, after: Operation | None) -> None:
        asking.request(
            connection=self.row.connection,
            key=state.key,
            verb=Operation.Verb.DELETE,
            target=self.target,
            remote_id=self.row.remote_id,
            draft={},
            label=str(self.row),
            by=staff_user(self.request),
            after=after,
        )
        queue.enqueue(self.row.connection_id)


def products_in(directory: Mirrored) -> QuerySet[Product]:
    """Return the present products of a directory."""
    return Product.objects.present().filter(directory=directory.pk).order_by("remote_id")


def other_directories(directory: Mirrored) -> QuerySet[ProductDirectory]:
    """Return the directories that the products can be moved to."""
    others = ProductDirectory.objects.present().filter(connection=directory.connection_id)
    return others.exclude(pk=directory.pk).order_by("name")
