"""How much data an account starts with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Number of items of each kind; the settings (templates, VAT groups) are the same in every account."""

    companies: int = 40
    people: int = 80
    directories: int = 6
    products: int = 60
    proposals: int = 60
    users: int = 5

    def __post_init__(self) -> None:
        if self.people and not self.companies:
            raise ValueError("people need at least one company")
        if self.products and not self.directories:
            raise ValueError("products need at least one directory")
        if self.proposals and not (self.companies and self.users):
            raise ValueError("proposals need at least one company and one user")
