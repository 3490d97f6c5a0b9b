"""No upload fills the disk: what is beyond the largest file that is taken is read from the line and dropped."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from offorte_portal.files.imports.table import MOST_BYTES


class BoundedUploadHandler(FileUploadHandler):
    """Passes on a little more than the limit, by which a file is known to be too large."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The data, for the handlers that keep it; None once there is too much."""
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size: int) -> Any:
        """Nothing: the handlers after this one have the file."""
        return None
