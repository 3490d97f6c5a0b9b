"""Keeps uploads from filling the disk: what exceeds the size limit of a file is received and dropped."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from offorte_portal.files.imports.table import MOST_BYTES


class BoundedUploadHandler(FileUploadHandler):
    """Passes on slightly more than the limit, so that a file can be recognised as too large."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Return the data for the handlers that store it, or None once the limit is exceeded."""
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size: int) -> Any:
        """Return None: the handlers after this one return the file."""
        return None
