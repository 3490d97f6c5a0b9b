from contacts.actions.companies import DeleteCompanies, SetCompanyFields
from contacts.actions.merge import Merge
from contacts.actions.people import DeletePeople, MovePeople, SetPersonFields
from offorte_portal.jobs.registry import register

register(SetCompanyFields(), Merge(), DeleteCompanies(), position=50)
register(SetPersonFields(), MovePeople(), DeletePeople(), position=60)
