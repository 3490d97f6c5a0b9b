"""Names for invented customers and works."""

COMPANIES = (
    "Nordvik Bygg", "Havsbris Hotell", "Beispiel Software", "Muster Logistik", "Schilders De Wit", "Bakkerij Bos",
    "Northwind Colleges", "Greenfield Housing", "Kaasboerderij Kok", "Van Dam Techniek", "Seeblick Gastro",
    "Lindqvist Trä",
)  # fmt: skip
FIRST_NAMES = ("Maria", "Jonas", "Klara", "Otto", "Jane", "Pim", "Sanne", "Erik", "Anna", "Bram")
LAST_NAMES = ("Ek", "Berg", "Muster", "Weber", "Doe", "Kok", "Visser", "Sandberg", "Lindqvist", "Bos")
WORKS = (
    "Schilderen pand", "Kozijnen achterzijde", "Kantoor 2e verdieping", "Carport", "Lagerhall", "Renovering foajé",
    "Rahmenvertrag", "Pilotprojekt", "Onsite training", "Refresher course", "Dakgoten vernieuwen", "Tak Villa Ek",
)  # fmt: skip
CITIES = ("Göteborg", "Köln", "Breda", "Leeds", "Utrecht", "Malmö")


def company(number: int) -> str:
    """The name of a customer; numbered after the first round."""
    name = COMPANIES[number % len(COMPANIES)]
    return name if number < len(COMPANIES) else f"{name} {number // len(COMPANIES) + 1}"


def person(number: int) -> tuple[str, str]:
    """First and last name."""
    return FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[(number * 3 + number // 10) % len(LAST_NAMES)]


def domain(number: int) -> str:
    """A host that nobody has."""
    plain = company(number).lower().replace("ä", "a").replace(" ", "-")
    return f"{plain}.example"


def email(number: int) -> str:
    """The address of the person with this number at the company with this number."""
    first, last = person(number)
    return f"{first}.{last}@{domain(number)}".lower()
