"""Answers that refuse a request, as JSON with an explanation."""

from http import HTTPStatus


class RefusedError(Exception):
    """The request is answered with an error status; `errors` names what is wrong with which field."""

    def __init__(self, status: int, message: str, errors: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors or {}

    def as_json(self) -> dict[str, object]:
        """The answer's body."""
        body: dict[str, object] = {
            "status": self.status,
            "error": HTTPStatus(self.status).phrase,
            "message": self.message,
        }
        return body | {"errors": self.errors} if self.errors else body
