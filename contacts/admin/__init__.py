from contacts.admin.company import CompanyAdmin
from contacts.admin.person import PersonAdmin

__all__ = ["CompanyAdmin", "PersonAdmin"]
