"""Settings, directories and products of an account."""

import random
from decimal import Decimal

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.records import Record
from offorte_portal.simulator.seed import words
from offorte_portal.simulator.seed.contacts import pick, slug

USERS = (
    ("Sanne", "de Wit", "Verkoop binnendienst"),
    ("Bram", "Kuipers", "Accountmanager"),
    ("Fatima", "El Amrani", "Hoofd verkoop"),
    ("Joost", "van 't Hof", "Calculator"),
    ("Lotte", "Dijkstra", "Directie"),
)
VAT_GROUPS = (
    ("Btw hoog", 21, "21% btw"),
    ("Btw laag", 9, "9% btw"),
    ("Btw nul", 0, "0% btw"),
    ("Btw verlegd", 0, "Btw verlegd"),
)
DESIGNS = ("Huisstijl 2026", "Huisstijl 2024", "Strak zwart-wit", "Zakelijk", "Magazine")
TEXTS = ("Standaardofferte", "Onderhoudscontract", "Particulier", "Aanbesteding")
EMAILS = (
    "Offerte versturen",
    "Herinnering na 5 dagen",
    "Herinnering na 14 dagen",
    "Nieuwe versie",
    "Bedankt voor de opdracht",
)
AUTOMATIONS = ("Standaard opvolging", "Intensieve opvolging", "Geen opvolging")
PROPOSAL_TEMPLATES = (
    ("Standaardofferte", "magazine", ["pricetable1"]),
    ("Offerte met opties", "magazine", ["pricetable1", "opties"]),
    ("Onderhoudscontract", "magazine", ["eenmalig", "maandelijks"]),
    ("Eenvoudige prijsopgave", "document", ["pricetable1"]),
)


def add_settings(account: Account, users: int) -> None:
    """Users (one of them gone), VAT groups, templates and automation sets."""
    for number in range(users):
        first, last, job = USERS[number % len(USERS)]
        suffix = "" if number < len(USERS) else f" {number // len(USERS) + 1}"
        id = account.ids["user"].take()
        account.users[id] = _user(account, id, first, f"{last}{suffix}", job)
    former = account.ids["user"].take()
    account.former_users[former] = _user(account, former, "Henk", "Prins", "Verkoper (uit dienst)")
    for name, vat, label in VAT_GROUPS:
        id = account.ids["vat_group"].take()
        account.vat_groups[id] = {"id": id, "name": name, "vat": vat, "label": label}
    for kind, names, store in (
        ("design", DESIGNS, account.design_templates),
        ("text", TEXTS, account.text_templates),
        ("email_template", EMAILS, account.email_templates),
        ("automation", AUTOMATIONS, account.automation_sets),
    ):
        for name in names:
            id = account.ids[kind].take()
            store[id] = {"id": id, "name": name}
    for name, type, tables in PROPOSAL_TEMPLATES:
        id = account.ids["proposal_template"].take()
        account.proposal_templates[id] = {
            "id": id,
            "name": name,
            "type": type,
            "config_language_id": 1,
            "proposal_tpl_id": account.ids["template_source"].take(),
            "tables": tables,
        }


def add_catalog(account: Account, rng: random.Random, directories: int, products: int) -> None:
    """Directories, unevenly filled, with products that have a sku and a price."""
    for number in range(directories):
        name = words.DIRECTORY_NAMES[number % len(words.DIRECTORY_NAMES)]
        rounds = number // len(words.DIRECTORY_NAMES)
        id = account.ids["directory"].take()
        account.directories[id] = {"id": id, "name": f"{name} {rounds + 1}" if rounds else name}
    directory_ids = list(account.directories)
    vat_ids = list(account.vat_groups)[:3]
    for number in range(products):
        index = number if number < directories else int(rng.random() ** 2 * directories)
        id = account.ids["product"].take()
        account.products[id] = _product(rng, id, directory_ids[index], vat_ids)


def _user(account: Account, id: int, first: str, last: str, job: str) -> Record:
    # Only the first of each name has the short address.
    local = slug(first + last.partition(" ")[2]) if last[-1].isdigit() else slug(first)
    return {
        "id": id,
        "email": f"{local}@{account.name}.example",
        "firstname": first,
        "lastname": last,
        "phone": f"+31 76 55501{id % 100:02}",
        "jobtitle": job,
    }


def _product(rng: random.Random, id: int, directory_id: int, vat_ids: list[int]) -> Record:
    noun = pick(rng, words.PRODUCT_NOUNS)
    name = f"{noun} {pick(rng, words.PRODUCT_BRANDS)} {pick(rng, words.PRODUCT_MODELS)}"
    cents = int(10 ** (3 + rng.random() * 2.4))
    return {
        "id": id,
        "directory_id": directory_id,
        "name": name,
        "sku": f"{noun[:3].upper()}-{id:05}",
        "price": Decimal(cents) / 100 if rng.random() < 0.5 else Decimal(cents // 100),
        "vat_id": vat_ids[0] if rng.random() < 0.85 else pick(rng, vat_ids),
        "optional": rng.random() < 0.1,
        "descr_short": f"{name}, {pick(rng, words.UNITS)}" if rng.random() < 0.7 else "",
    }
