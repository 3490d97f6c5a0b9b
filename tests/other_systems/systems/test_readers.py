"""Lists and answers in the forms that references leave open."""

from collections.abc import Callable
from typing import Any

import pytest

from offorte_portal.other_systems.systems.errors import Malformed, Missing, Rejected
from offorte_portal.other_systems.systems.interface import Reader, RecordKey
from offorte_portal.simulator.sources import SourceSimulator
from offorte_portal.simulator.sources.system import Asked, SimulatedSystem, Told

ReaderOf = Callable[..., Reader]


def answering(system: SimulatedSystem, pattern: str, body: Any, status: int = 200) -> None:
    """Let paths that match answer this."""

    def tell(asked: Asked, *groups: str) -> Told:
        return Told(body, status)

    system.route(pattern, tell)
    system.routes.insert(0, system.routes.pop())


def envelope(data: Any, code: Any = 200, message: str = "success") -> dict[str, Any]:
    return {"response": {"message": message, "exception": [], "code": code, "data": data}}


class TestWorkspace:
    LIST = r"/quotations\.json"

    def test_an_empty_list_is_told_by_its_words_only(self, reader_of: ReaderOf, other: SourceSimulator) -> None:
        reader = reader_of("workspace")
        other.workspace.quotations.clear()
        assert reader.read_page("").items == []
        answering(other.workspace, self.LIST, envelope([], 404, "Not found."), 404)
        with pytest.raises(Missing):
            reader.read_page("")
        answering(other.workspace, self.LIST, envelope([], "404", "quotations not found"))
        assert reader.read_page("").items == []

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            (envelope([]), Malformed),
            (envelope({"count": 1}), Malformed),
            (envelope({"Quotations": {}}), Malformed),
            ([], Malformed),
            ({"other": 1}, Malformed),
            (envelope([], 400, "Something went wrong"), Rejected),
        ],
    )
    def test_other_answers(
        self, body: Any, error: type[Exception], reader_of: ReaderOf, other: SourceSimulator
    ) -> None:
        answering(other.workspace, self.LIST, body)
        with pytest.raises(error):
            reader_of("workspace").read_page("")

    @pytest.mark.parametrize(
        ("body", "layouts"),
        [(envelope(["A", None, 3, "", "B"]), ["A", "B"]), (envelope({"0": "A"}), []), ([], [])],
    )
    def test_layouts_whatever_comes(
        self, body: Any, layouts: list[str], reader_of: ReaderOf, other: SourceSimulator
    ) -> None:
        reader = reader_of("workspace")
        assert reader.list_layouts() == ["Standaard template", "Layout zonder logo", "Layout tweede vestiging"]
        answering(other.workspace, r"/quotations/actions/layouts\.json", body)
        assert reader.list_layouts() == layouts

    def test_entries_without_an_id_are_counted(self, reader_of: ReaderOf, other: SourceSimulator) -> None:
        good = {"Quotation": {"id": "53"}, "Contact": [], "QuotationLine": []}
        listed = [good, {"Quotation": {"id": None}}, {"Quotation": []}, None, "x", {"Quotation": [{"id": 7}]}]
        answering(other.workspace, self.LIST, envelope({"count": 6, "Quotations": listed}))
        page = reader_of("workspace").read_page("")
        assert ([item.external_id for item in page.items], page.unreadable) == (["53", "7"], 4)

    def test_a_contact_with_or_without_its_wrapping(self, reader_of: ReaderOf, other: SourceSimulator) -> None:
        reader = reader_of("workspace")
        key = RecordKey("contact", "521")
        assert reader.get_record(key)["id"] == "521"
        answering(other.workspace, r"/contacts/521\.json", envelope({"id": "521", "name": "Plain"}))
        assert reader.get_record(key)["name"] == "Plain"
        with pytest.raises(Missing):
            reader.get_record(RecordKey("contact", "9"))


class TestCirrus:
    def test_a_bare_list_is_one_page(self, reader_of: ReaderOf, other: SourceSimulator) -> None:
        answering(other.cirrus, r"/quotes", [{"id": 1}, {"id": 2}])
        page = reader_of("cirrus").read_page("")
        assert ([item.external_id for item in page.items], page.next) == (["1", "2"], "")

    def test_a_page_without_its_count_ends_when_it_is_not_full(
        self, reader_of: ReaderOf, other: SourceSimulator
    ) -> None:
        answering(other.cirrus, r"/quotes", {"items": [{"id": number} for number in range(50)]})
        assert reader_of("cirrus").read_page("").next == "2"
        answering(other.cirrus, r"/quotes", {"items": [{"id": 1}]})
        assert reader_of("cirrus").read_page("4").next == ""

    @pytest.mark.parametrize("body", [{"items": None}, {"message": "x"}, "text", 7])
    def test_what_is_no_page(self, body: Any, reader_of: ReaderOf, other: SourceSimulator) -> None:
        answering(other.cirrus, r"/quotes", body)
        with pytest.raises(Malformed):
            reader_of("cirrus").read_page("")

    def test_things_in_a_list_of_one_and_things_that_are_none(
        self, reader_of: ReaderOf, other: SourceSimulator
    ) -> None:
        reader = reader_of("cirrus")
        answering(other.cirrus, r"/quotes/1", [{"id": 1}])
        assert reader.get("1") == {"id": 1}
        answering(other.cirrus, r"/quotes/1", [])
        with pytest.raises(Malformed):
            reader.get("1")

    def test_paths_are_settings(self, reader_of: ReaderOf, other: SourceSimulator) -> None:
        reader = reader_of("cirrus", paths={"quote": "rest/v3/quote/{id}"})
        answering(other.cirrus, r"/rest/v3/quote/7", {"id": 7})
        assert reader.get("7") == {"id": 7}
        with pytest.raises(Missing):
            reader.get("../accounts/310")
        assert other.sent("cirrus")[-1] == "GET /rest/v3/quote/../accounts/310"

    def test_a_quote_that_became_no_order(self, reader_of: ReaderOf, other: SourceSimulator) -> None:
        with pytest.raises(Missing):
            reader_of("cirrus").get_record(RecordKey("order", "1"))


class TestFynn:
    def test_a_list_without_counts(self, reader_of: ReaderOf, other: SourceSimulator) -> None:
        answering(other.fynn, r"/offers", [{"id": f"A{number}"} for number in range(50)])
        assert reader_of("fynn").read_page("").next == "2"
        answering(other.fynn, r"/offers", {"data": [{"id": "A"}, {"number": "no id"}, None]})
        page = reader_of("fynn").read_page("")
        assert (len(page.items), page.next, page.unreadable) == (1, "", 2)

    def test_things_in_an_envelope_and_what_is_none(self, reader_of: ReaderOf, other: SourceSimulator) -> None:
        answering(other.fynn, r"/api/offers/A", {"data": {"id": "A"}})
        assert reader_of("fynn").get("A") == {"id": "A"}
        answering(other.fynn, r"/api/offers/A", [1])
        with pytest.raises(Malformed):
            reader_of("fynn").get("A")
        answering(other.fynn, r"/offers", {"data": None})
        with pytest.raises(Malformed):
            reader_of("fynn").read_page("")


class TestAdministrate:
    def test_a_list_without_headers(self, reader_of: ReaderOf, other: SourceSimulator) -> None:
        answering(other.administrate, r"/api/v2\.5/crm/opportunities", [{"id": number} for number in range(100)])
        assert reader_of("administrate").read_page("").next == "2"
        answering(other.administrate, r"/api/v2\.5/crm/opportunities", [{"id": 1}, {"name": "no id"}])
        page = reader_of("administrate").read_page("2")
        assert (len(page.items), page.next, page.unreadable) == (1, "", 1)

    def test_what_is_no_list_and_no_thing(self, reader_of: ReaderOf, other: SourceSimulator) -> None:
        answering(other.administrate, r"/api/v2\.5/crm/opportunities", {"message": "x"})
        answering(other.administrate, r"/api/v2\.5/crm/opportunities/1", [])
        answering(other.administrate, r"/api/v2\.5/crm/opportunity_steps", {"message": "x"})
        reader = reader_of("administrate")
        with pytest.raises(Malformed):
            reader.read_page("")
        with pytest.raises(Malformed):
            reader.get("1")
        assert reader.list_statuses() == {}
