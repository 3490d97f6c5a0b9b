"""What was stored is found, sorted and recognised in any spelling of people, on each database."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.duplicates import find_duplicates
from contacts.models import Company, Person
from offorte_portal.mirror import search
from tests.support.factories import make_company, make_connection, make_person

pytestmark = pytest.mark.django_db

# Dutch, German, French, Turkish, Polish and Czech; each letter as people type it without its accent.
PLAIN = {
    **dict(zip("áäàâãåéëèêęěíïìîıóöòôøõúüùûů", "aaaaaaeeeeeeiiiiioooooouuuuu", strict=True)),
    **dict(zip("çćčğłľñńňřŕşśšșťțýÿźżžďđą", "cccgllnnnrrssssttyyzzzdda", strict=True)),
    "ß": "ss", "æ": "ae", "œ": "oe",
}  # fmt: skip
GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue"}
LETTERS = "abcdefghijklmnoprstuvwyz" + "".join(PLAIN)
WORDS = st.text(st.sampled_from(LETTERS), min_size=3, max_size=10)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join).map(str.title)
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it stands": lambda text: text,
    "upper case": str.upper,
    "lower case": str.lower,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "without accents": lambda text: "".join(PLAIN.get(letter, letter) for letter in text.lower()),
    "in German": lambda text: "".join(GERMAN.get(letter, PLAIN.get(letter, letter)) for letter in text.lower()),
    "in another order": lambda text: ", ".join(reversed(text.split())),
}
# A country with its code, its trunk zero and the length of its numbers.
COUNTRIES = [
    ("Nederland", "31", "0", 9),
    ("Duitsland", "49", "0", 10),
    ("France", "33", "0", 9),
    ("Türkiye", "90", "0", 10),
]
COUNTRIES += [("Polska", "48", "", 9), ("Tsjechië", "420", "", 9)]
SEPARATORS = ["", " ", "-", ".", " - ", "/"]
draws = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def is_found(row: Company | Person, text: str) -> bool:
    """Whether both ways to search find the row."""
    everything = type(row)._default_manager.all()
    found = [way(everything, text).filter(pk=row.pk).exists() for way in (search.apply, search.scan)]
    assert found[0] == found[1]
    return found[0]


@draws
@given(name=NAMES)
def test_a_name_is_found_and_recognised_in_every_spelling(name: str) -> None:
    connection = make_connection()
    company = make_company(connection, name=name)
    for spelling, spell in SPELLINGS.items():
        assert is_found(company, spell(name)), spelling
        if spelling != "in another order":
            assert [one.company for one in find_duplicates(connection, {"name": spell(name)})] == [company], spelling
    connection.delete()


@draws
@given(names=st.lists(NAMES, min_size=2, max_size=6, unique=True))
def test_names_are_sorted_by_their_letters_without_accents(names: list[str]) -> None:
    connection = make_connection()
    for name in names:
        make_company(connection, name=name)
    shown = Company.objects.filter(connection=connection).order_by("name_key").values_list("name", flat=True)
    plain = [SPELLINGS["without accents"](name) for name in shown]
    assert plain == sorted(plain)
    connection.delete()


@draws
@given(data=st.data())
def test_a_phone_number_is_found_in_every_spelling(data: st.DataObject) -> None:
    country, code, trunk, length = data.draw(st.sampled_from(COUNTRIES))
    core = data.draw(st.text("123456789", min_size=length, max_size=length))
    mark = data.draw(st.sampled_from(SEPARATORS))
    parts = mark.join([core[:2], core[2:5], core[5:]])
    spellings = [f"+{code} {parts}", f"00{code}{mark}{parts}", f"{trunk}{parts}", core]
    spellings += [f"+{code} (0) {parts}", f"+{code}(0){core}"] if trunk else []
    person = make_person(phone=data.draw(st.sampled_from(spellings[:3])), country=country)
    for spelling in spellings:
        assert is_found(person, spelling), (person.phone, spelling)
    person.delete()


@draws
@given(data=st.data())
def test_a_number_is_found_however_it_is_divided(data: st.DataObject) -> None:
    part = st.one_of(
        st.text("ABCDEFGHJKLNPRSTVXZ", min_size=1, max_size=3), st.text("0123456789", min_size=1, max_size=4)
    )
    parts = data.draw(st.lists(part, min_size=2, max_size=4).filter(lambda parts: len("".join(parts)) >= 4))
    parts[0] = data.draw(st.text("0123456789", min_size=2, max_size=4))
    company = make_company(coc_number=data.draw(st.sampled_from(SEPARATORS[:4])).join(parts))
    for mark in SEPARATORS:
        assert is_found(company, mark.join(parts).lower()), (company.coc_number, mark)
    company.delete()


@pytest.mark.parametrize(
    "text",
    [
        "1e oosterparkstraat 12",
        "1091GV",
        "1091 gv",
        "1091gv 12",
        "1091 GV 12-III",
        "oosterparkstraat 12iii",
        "Amsterdam",
    ],
)
def test_a_company_is_found_by_its_address(text: str) -> None:
    company = make_company(street="1e Oosterparkstraat 12-III", zipcode="1091 GV", city="Amsterdam")
    make_company(street="1e Oosterparkstraat 14", zipcode="1091 GX", city="Diemen")
    found = search.apply(Company.objects.all(), text)
    assert company in found
    if text != "1e oosterparkstraat 12":
        assert len(found) == 1
