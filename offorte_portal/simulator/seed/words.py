"""Dutch names, places and trades to make companies and people from; all of them invented combinations."""

FIRST_NAMES = (
    ("Mw.", "Sanne"), ("Mw.", "Fleur"), ("Mw.", "Noor"), ("Mw.", "Anouk"), ("Mw.", "Lotte"), ("Mw.", "Maaike"),
    ("Mw.", "Femke"), ("Mw.", "Eva"), ("Mw.", "Iris"), ("Mw.", "Roos"), ("Mw.", "Marloes"), ("Mw.", "Hanneke"),
    ("Mw.", "Yasmina"), ("Mw.", "Zeynep"), ("Mw.", "Marijke"), ("Mw.", "Ilse"), ("Mw.", "Renée"), ("Mw.", "Chloë"),
    ("Dhr.", "Daan"), ("Dhr.", "Bram"), ("Dhr.", "Sem"), ("Dhr.", "Lucas"), ("Dhr.", "Thijs"), ("Dhr.", "Ruben"),
    ("Dhr.", "Jeroen"), ("Dhr.", "Pieter"), ("Dhr.", "Joost"), ("Dhr.", "Maarten"), ("Dhr.", "Koen"),
    ("Dhr.", "Wouter"),
    ("Dhr.", "Mohamed"), ("Dhr.", "Emre"), ("Dhr.", "Niels"), ("Dhr.", "Gijs"), ("Dhr.", "Sjoerd"), ("Dhr.", "André"),
)  # fmt: skip
LAST_NAMES = (
    "Jansen", "de Vries", "van den Berg", "van Dijk", "Bakker", "Visser", "Smit", "Meijer", "de Boer", "Mulder",
    "de Groot", "Bos", "Vos", "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer", "de Wit", "Dijkstra",
    "Smits", "de Graaf", "van der Meer", "van der Linden", "Kok", "Jacobs", "de Haan", "Vermeulen", "van den Heuvel",
    "van der Veen", "van den Broek", "de Bruijn", "van 't Hof", "in 't Veld", "Postma", "Yılmaz", "El Amrani",
    "Kuipers", "Prins", "Blom", "van der Wal", "Huisman", "ter Horst", "op den Kamp", "Willems", "Wiersma",
)  # fmt: skip
PLACES = (
    ("Breda", "Noord-Brabant", 48), ("Tilburg", "Noord-Brabant", 50), ("Eindhoven", "Noord-Brabant", 56),
    ("'s-Hertogenbosch", "Noord-Brabant", 52), ("Rotterdam", "Zuid-Holland", 30), ("Delft", "Zuid-Holland", 26),
    ("Leiden", "Zuid-Holland", 23), ("Gouda", "Zuid-Holland", 28), ("Amsterdam", "Noord-Holland", 10),
    ("Haarlem", "Noord-Holland", 20), ("Alkmaar", "Noord-Holland", 18), ("Utrecht", "Utrecht", 35),
    ("Amersfoort", "Utrecht", 38), ("Arnhem", "Gelderland", 68), ("Nijmegen", "Gelderland", 65),
    ("Apeldoorn", "Gelderland", 73), ("Zwolle", "Overijssel", 80), ("Enschede", "Overijssel", 75),
    ("Deventer", "Overijssel", 74), ("Groningen", "Groningen", 97), ("Leeuwarden", "Fryslân", 89),
    ("Sneek", "Fryslân", 86), ("Assen", "Drenthe", 94), ("Emmen", "Drenthe", 78), ("Maastricht", "Limburg", 62),
    ("Venlo", "Limburg", 59), ("Middelburg", "Zeeland", 43), ("Goes", "Zeeland", 44), ("Lelystad", "Flevoland", 82),
    ("Almere", "Flevoland", 13),
)  # fmt: skip
STREETS = (
    "Kerkstraat", "Dorpsstraat", "Stationsweg", "Molenweg", "Industrieweg", "Nijverheidsweg", "Ambachtsweg",
    "Havenkade", "Parallelweg", "Wilhelminastraat", "Julianalaan", "Ginnekenweg", "Handelsweg", "Oude Gracht",
    "Lange Voorhout", "Burgemeester van Tuyllkade", "Pastoor Huijgensplein", "Plein 1944",
)  # fmt: skip
TRADES = (
    "Bouw", "Installatietechniek", "Schilderwerken", "Dakbedekking", "Tuinen", "Interieurbouw", "Elektrotechniek",
    "Keukens", "Advies", "Media", "Logistiek", "Zonne-energie", "Architecten", "Vastgoed", "Evenementen", "Horeca",
    "Metaalbewerking", "Automatisering", "Verhuizingen", "Reclame", "Bestratingen", "Glas", "Vloeren", "Stucwerk",
)  # fmt: skip
PREFIXES = ("", "", "", "Gebroeders ", "Bedrijf ", "Familie ", "Firma ", "Groep ")
LEGAL_FORMS = ("B.V.", "B.V.", "B.V.", "V.O.F.", "", "", "& Zn.", "Holding B.V.", "N.V.", "Groep")

AWKWARD_COMPANIES = (
    'Café "De Zwaan" & Zn. <evenementen>',
    "🚀 Raket Reclame B.V.",
    "شركة البناء الحديثة",
    "O'Brien's Irish Pub; DROP TABLE offertes",
    (
        "Vereniging tot Behoud en Herstel van Historische Boerderijen, Schuren, Hooibergen en Bijbehorende Erven in "
        "het Midden- en Westelijk Deel van de Provincie Gelderland en Omstreken (in oprichting)"
    ),
    "=HYPERLINK(\"https://sheet.example\";\"Klik\")",
    "Zoë's Ĳssalon – Ærø × Łódź",
    "לקוח לדוגמה B.V.",
)  # fmt: skip
AWKWARD_PEOPLE = (
    ('D\'Angelo "Dee"', "van der Müller-Østergård"),
    ("محمد", "الأمين"),
    ("Wolfeschlegelsteinhausenbergerdorff-Alexandrovna", "van Heemstra tot Froma en Eibersburen van Asbeck"),
    ("👩‍🔧 Bo", "Timmer"),
    ("<b>Jan</b>", "Script"),
)

DIRECTORY_NAMES = (
    "Zonnepanelen", "Warmtepompen", "Keukens", "Badkamers", "Arbeid", "Kozijnen", "Dakwerk", "Schilderwerk",
    "Grondwerk", "Isolatie", "Vloeren", "Elektra", "Sanitair", "Tuin & bestrating", "Onderhoud & service",
    "Verlichting", "Beveiliging", "Software", "Advies", "Transport",
)  # fmt: skip
PRODUCT_NOUNS = (
    "Zonnepaneel", "Omvormer", "Warmtepomp", "Boiler", "Keukenblad", "Inductiekookplaat", "Inbouwkraan", "Kozijn",
    "HR++ glas", "Dakraam", "Isolatieplaat", "PVC-vloer", "Tegelwerk", "Groepenkast", "Laadpaal", "Arbeidsuur monteur",
    "Voorrijkosten", "Steigerhuur", "Onderhoudscontract", "Projectleiding", "Afvoer puin", "Stucwerk", "Licentie",
)  # fmt: skip
PRODUCT_BRANDS = (
    "Noordster",
    "Delta",
    "Vesta",
    "Hollandia",
    "Aurora",
    "Titan",
    "Orion",
    "Merel",
    "Duin",
    "Veluwe",
)
PRODUCT_MODELS = ("Basic", "Comfort", "Plus", "Pro", "XL", "Compact", "S", "M", "L", "Premium")
UNITS = ("per stuk", "per m²", "per uur", "per strekkende meter", "per maand", "per set")

PROPOSAL_SUBJECTS = (
    "Plaatsen zonnepanelen", "Renovatie badkamer", "Nieuwe keuken", "Onderhoudscontract", "Aanbouw woning",
    "Vervangen kozijnen", "Warmtepomp met boiler", "Huisstijl en website", "Schilderwerk buitenzijde",
    "Herinrichting kantoor", "Dakrenovatie", "Laadpleinen", "Isolatie spouwmuur", "Personeelsfeest 2026",
    "Tuinaanleg", "Groot onderhoud", "Nieuwbouw bedrijfshal", "Beheer werkplekken",
)  # fmt: skip
TAGS = (
    "renovatie",
    "nieuwbouw",
    "particulier",
    "zakelijk",
    "spoed",
    "onderhoud",
    "raamcontract",
    "vaste klant",
)
QUESTIONS = (
    "Is de prijs inclusief montage?",
    "Kunnen jullie ook in de bouwvakantie beginnen?",
    "Zit er garantie op de omvormer, en hoe lang?",
    "Wij willen graag de duurdere variant. Wat wordt het dan?",
    "Kan de betaling in drie termijnen?",
    "Mag de steiger ook op zaterdag worden geplaatst?",
    "Zitten er nog verrassingen in de kosten?",
    "Klopt het dat de voorrijkosten er dubbel in staan? 🤔",
    "Kunt u <b>regel 3</b> toelichten? We begrijpen die niet.",
    "We moeten dit nog bespreken met de directie, u hoort volgende week van ons.",
)
ANSWERS = (
    "Ja, de prijs is inclusief montage en afvoer van het oude materiaal.",
    "Dat kan, we plannen dan in overleg met u de week van aanvang.",
    "Op alle onderdelen zit vijf jaar garantie, op de omvormer tien.",
    "Ik pas de offerte aan en stuur u vandaag nog een nieuwe versie.",
    "Betalen in termijnen is geen probleem: 40% bij opdracht, 40% bij start en 20% bij oplevering.",
    "Goed gezien, dat hebben we hersteld. Dank u wel!",
)
REMARKS = (
    "", "", "", "Klant belt zelf terug na de vakantie.", "Let op: eerst schouwen.", "Concurrent zit er onder.",
    "Wacht op akkoord van de VvE.", "Prijs geldig tot einde kwartaal.\nDaarna opnieuw doorrekenen.",
)  # fmt: skip
MAIL_TEXT = (
    "Beste {company_people_firstname},\n\n"
    "Hierbij ontvangt u onze offerte. Ik licht hem graag toe.\n\nMet vriendelijke groet"
)
