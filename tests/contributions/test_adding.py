from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from evcollab.contributions.formatting import format_package
from tests.contributions.registers import add, cell_claims, content, event, problems, rows, source

BODY = """\
organisations:
  - name: Korea International Cooperation Agency
    short_name: KOICA
    aliases: [한국국제협력단]
    kind: public_agency
    country_code: KOR
    locator: p1
"""


def with_party(name: str) -> str:
    return source("b") + event() + f"    participants:\n      - {{organisation: {name}, role: host}}\n"


@pytest.mark.parametrize(
    "name",
    ["koica-kor", "KOICA", "koica", "Korea International Cooperation Agency", "KOREA international, co-operation"[:5]
     + " International Cooperation Agency", "korea international cooperation agency.", "한국국제협력단"],
)  # fmt: skip
def test_an_organisation_is_found_by_identifier_name_short_name_or_alias(register: Path, name: str) -> None:
    add(register, source() + BODY)
    add(register, with_party(name))
    assert [row["organisation_id"] for row in rows(register, "participants")] == ["koica-kor"]
    assert len(rows(register, "organisations")) == 1


def test_accents_do_not_count_in_names(register: Path) -> None:
    add(register, source() + "organisations:\n  - {name: Secretaría de Energía, kind: government, locator: p1}\n")
    add(register, with_party("Secretaria de ENERGIA"))
    assert len(rows(register, "participants")) == 1


def test_an_unknown_organisation_is_a_problem_with_near_matches(register: Path) -> None:
    add(register, source() + BODY)
    (found,) = problems(register, with_party("Korea International Cooperation Agenci"))
    assert "line 18: events[0].participants[0].organisation" in found
    assert "did you mean Korea International Cooperation Agency (KOICA)?" in found


def test_a_new_organisation_like_a_known_one_stops_with_a_question(register: Path) -> None:
    add(register, source() + BODY)
    other = BODY.replace("Agency", "Agencies").replace("    short_name: KOICA\n    aliases: [한국국제협력단]\n", "")
    (found,) = problems(register, source("b") + other)
    assert "did you mean Korea International Cooperation Agency (koica-kor)? Use that name, or add `new: true`" in found
    add(register, source("b") + other.replace("    locator", "    new: true\n    locator"))
    assert len(rows(register, "organisations")) == 2


def test_the_same_ministry_of_two_countries_is_two_organisations(register: Path) -> None:
    text = "organisations:\n  - {name: Ministry of Energy, kind: government, country_code: KEN, locator: p1}\n"
    add(register, source() + text + text.replace("KEN", "LAO").split("\n", 1)[1])
    assert [row["organisation_id"] for row in rows(register, "organisations")] == [
        "ministry-of-energy-ken",
        "ministry-of-energy-lao",
    ]
    (found,) = problems(register, with_party("Ministry of Energy"))
    assert "may be ministry-of-energy-ken (KEN), ministry-of-energy-lao (LAO): use the identifier" in found


def test_a_body_of_another_country_is_named_as_such(register: Path) -> None:
    add(
        register,
        source() + "organisations:\n  - {name: Energy Board, kind: government, country_code: KEN, locator: p1}\n",
    )
    text = with_party("Energy Board").replace("role: host", "country_code: LAO, role: host")
    (found,) = problems(register, text)
    assert "is in the register as a body of another country, energy-board-ken (KEN)" in found


def test_the_name_of_a_known_organisation_in_another_spelling_becomes_an_alias(register: Path) -> None:
    add(register, source() + BODY)
    text = source("b") + BODY.replace("Korea International", "Korean International").replace("    aliases", "    #")
    add(register, text)
    assert rows(register, "organisations")[0]["aliases"] == "Korean International Cooperation Agency;한국국제협력단"


def test_an_event_of_the_same_name_country_and_days_is_the_same(register: Path) -> None:
    add(register, source() + event(day="2025-05-02"))
    result = add(register, source("b") + event("NAIROBI  forum", day="2025-05"))
    assert len(rows(register, "events")) == 1
    assert any("the event is in the register as nairobi-forum-2025" in notice for notice in result.notices)


def test_two_events_of_one_name_in_different_years_are_two(register: Path) -> None:
    add(register, source() + event(day="2024-05-02"), source("b") + event(day="2025-05-02"))
    assert [row["event_id"] for row in rows(register, "events")] == ["nairobi-forum-2024", "nairobi-forum-2025"]


def test_of_many_organisations_that_are_alike_three_are_named(register: Path) -> None:
    def body(name: str) -> str:
        return f"  - {{name: {name}, kind: company, country_code: KEN, locator: p1, new: true}}\n"

    names = [f"Lake Chargers {letter}" for letter in ("Kisumu", "Kisuma", "Kisume", "Kisumi")]
    add(register, source() + "organisations:\n" + "".join(map(body, names)))
    (found,) = problems(
        register, source() + "organisations:\n" + body("Lake Chargers Kisum").replace(", new: true", "")
    )
    assert found.count("(lake-chargers-") == 3


def test_a_line_whose_identifier_has_no_number_does_not_stop_the_count(register: Path) -> None:
    add(register, source() + event() + "    participants: [{country_code: KEN, role: host}]\n")
    for table in ("participants", "claims"):
        file = register / f"data/{table}.csv"
        file.write_text(file.read_text(encoding="utf-8").replace("forum-2025-1", "forum-2025-host"), encoding="utf-8")
    format_package(register)
    add(register, source("b") + event() + "    participants: [{country_code: UGA, role: participant}]\n")
    known = [row["participant_id"] for row in rows(register, "participants")]
    assert known == ["nairobi-forum-2025-1", "nairobi-forum-2025-host"]


def test_an_event_that_is_alike_stops_with_a_question(register: Path) -> None:
    add(register, source() + event("Nairobi Electric Mobility Forum"))
    (found,) = problems(register, source("b") + event("Nairobi Electrical Mobility Forum"))
    assert "this may be the event nairobi-electric-mobility-forum-2025" in found
    assert "add `event_id: nairobi-electric-mobility-forum-2025` to add to it, or `new: true`" in found


def test_an_event_of_the_same_source_kind_and_days_stops_with_a_question(register: Path) -> None:
    add(register, source() + event("Nairobi Forum"))
    (found,) = problems(register, source() + event("Gathering of bus makers"))
    assert "this may be the event nairobi-forum-2025" in found
    add(register, source() + event("Gathering of bus makers") + "    new: true\n")
    assert len(rows(register, "events")) == 2


def test_the_same_page_in_another_spelling_is_the_same_source(register: Path) -> None:
    add(register, source("a") + event())
    add(register, source("a").replace("https://example.org/a", "http://www.example.org/a/") + event())
    assert len(rows(register, "sources")) == 1


def test_an_event_without_dates_is_not_added_twice(register: Path) -> None:
    text = source() + event().replace("    start_date: 2025-05-02\n    end_date: 2025-05-02\n", "").replace(
        "status: held", "status: announced"
    )
    add(register, text)
    assert add(register, text).files == {}


def test_a_dated_event_may_be_the_undated_one_of_that_name(register: Path) -> None:
    undated = event().replace("    start_date: 2025-05-02\n    end_date: 2025-05-02\n", "")
    add(register, source() + undated)
    (found,) = problems(register, source("b") + event())
    assert "nairobi-forum" in found
    assert "undated" in found


def test_gaps_are_filled_and_what_stands_there_stays(register: Path) -> None:
    add(register, source() + event() + "    city: Nairobi\n")
    add(register, source("b") + event() + "    participant_count: 40\n")
    (row,) = rows(register, "events")
    assert (row["city"], row["participant_count"]) == ("Nairobi", "40")


def test_a_value_of_an_equal_source_stays_a_visible_conflict(register: Path) -> None:
    add(register, source() + event() + "    participant_count: 40\n")
    result = add(register, source("b") + event() + "    participant_count: 50\n")
    assert rows(register, "events")[0]["participant_count"] == "40"
    assert cell_claims(register, "participant_count") == {("40", "preferred", "stated"), ("50", "normal", "stated")}
    assert any("kept as a conflict; the cell shows '40'" in notice for notice in result.notices)


@pytest.mark.parametrize("better_first", [True, False])
def test_the_better_source_wins_in_whatever_order_they_come(register: Path, better_first: bool) -> None:
    texts = [
        source("p", "primary") + event() + "    participant_count: 40\n",
        source("s", "secondary") + event() + "    participant_count: 50\n",
    ]
    for text in texts if better_first else texts[::-1]:
        add(register, text)
    assert rows(register, "events")[0]["participant_count"] == "40"
    assert cell_claims(register, "participant_count") == {("40", "preferred", "stated"), ("50", "normal", "stated")}


@pytest.mark.parametrize("order", list(permutations(["primary", "secondary", "tertiary"])))
def test_three_sources_that_disagree_give_the_same_in_any_order(register: Path, order: tuple[str, ...]) -> None:
    counts = {"primary": 40, "secondary": 50, "tertiary": 60}
    for tier in order:
        add(register, source(tier, tier) + event() + f"    participant_count: {counts[tier]}\n")
    assert rows(register, "events")[0]["participant_count"] == "40"
    assert cell_claims(register, "participant_count") == {
        ("40", "preferred", "stated"),
        ("50", "normal", "stated"),
        ("60", "normal", "stated"),
    }


CORRECTION = "corrections:\n  - {{table: events, record: nairobi-forum-2025, field: city, value: {}, locator: p2}}\n"


@pytest.mark.parametrize(("tier", "shown"), [("primary", "Mombasa"), ("secondary", "Nairobi"), ("tertiary", "Nairobi")])
def test_a_correction_is_shown_if_its_source_is_better(register: Path, tier: str, shown: str) -> None:
    add(register, source() + event() + "    city: Nairobi\n")
    add(register, source("b", tier) + CORRECTION.format("Mombasa"))
    assert rows(register, "events")[0]["city"] == shown
    assert {value for value, *_ in cell_claims(register, "city")} == {"Nairobi", "Mombasa"}
    assert {value for value, rank, _ in cell_claims(register, "city") if rank == "preferred"} == {shown}


def test_a_correction_that_is_preferred_on_purpose_is_shown(register: Path) -> None:
    add(register, source() + event() + "    city: Nairobi\n")
    add(register, source("b") + CORRECTION.format("Mombasa, rank: preferred, note: the organiser moved it"))
    assert rows(register, "events")[0]["city"] == "Mombasa"


def test_a_correction_of_an_empty_cell_fills_it(register: Path) -> None:
    add(register, source() + event())
    add(register, source("b") + CORRECTION.format("Mombasa"))
    assert rows(register, "events")[0]["city"] == "Mombasa"


def test_a_correction_twice_changes_nothing(register: Path) -> None:
    add(register, source() + event() + "    city: Nairobi\n")
    correction = source("b", "primary") + CORRECTION.format("Mombasa")
    add(register, correction)
    assert add(register, correction).files == {}


def test_a_corrected_record_is_still_recognised(register: Path) -> None:
    first = source() + event()
    add(register, first)
    moved = CORRECTION.replace("field: city", "field: start_date").format("2024-11-02")
    add(register, source("b", "primary") + moved + moved.replace("start_date", "end_date").split("\n", 1)[1])
    assert rows(register, "events")[0]["start_date"] == "2024-11-02"
    assert add(register, first).files == {}


@pytest.mark.parametrize(
    ("correction", "hint"),
    [
        ("{table: events, record: nairobi-form-2025, field: city, value: x, locator: p1}", "there is no record"),
        ("{table: events, record: nairobi-forum-2025, field: town, value: x, locator: p1}", "has no column 'town'"),
        (
            "{table: events, record: nairobi-forum-2025, field: start_date, value: May, locator: p1}",
            "'May' is not right",
        ),
        ("{table: events, record: nairobi-forum-2025, field: city, value: x}", "say where in the source"),
        (
            "{table: events, record: nairobi-forum-2025, field: country_code, value: XXX, locator: p1}",
            "name of a country",
        ),
        (
            "{table: events, record: nairobi-forum-2025, field: city, value: x, locator: p1, source: z}",
            "has the key 'z'",
        ),
        (
            "{table: events, record: nairobi-forum-2025, field: city, value: x, locator: p1, basis: inferred}",
            "says why",
        ),
    ],
)
def test_a_wrong_correction_is_a_problem(register: Path, correction: str, hint: str) -> None:
    add(register, source() + event())
    (found,) = problems(register, source("b") + f"corrections:\n  - {correction}\n")
    assert hint in found


def test_what_is_inferred_gets_a_claim_with_the_reason(register: Path) -> None:
    add(register, source() + event() + "    city: Nairobi\n    inferred: {city: the venue is there}\n")
    assert cell_claims(register, "city") == {("Nairobi", "preferred", "inferred")}
    assert "the venue is there" in {row["note"] for row in rows(register, "claims")}


def test_what_is_computed_gets_a_claim_with_the_way(register: Path) -> None:
    add(register, source() + event() + "    participant_count: 40\n    computed: {participant_count: 15 and 25}\n")
    assert cell_claims(register, "participant_count") == {("40", "preferred", "computed")}


def test_an_inferred_key_without_a_value_is_a_problem(register: Path) -> None:
    (found,) = problems(register, source() + event() + "    inferred: {city: because}\n")
    assert "city is marked inferred but has no value here" in found


def test_every_row_has_a_claim(register: Path) -> None:
    text = source() + BODY.replace("    locator: p1\n", "") + with_party("KOICA").split("\n", 7)[7]
    add(register, text)
    claimed = {(row["table_name"], row["record_id"]) for row in rows(register, "claims") if row["field"] == "*"}
    assert claimed == {
        ("events", "nairobi-forum-2025"),
        ("participants", "nairobi-forum-2025-1"),
        ("organisations", "koica-kor"),
    }


def test_a_record_of_a_document_with_two_sources_says_which_one(register: Path) -> None:
    two = source("a").replace("- url", "- key: a\n    url") + source("b").split("\n", 1)[1].replace(
        "- url", "- key: b\n    url"
    )
    (found,) = problems(register, two + event())
    assert "the document has several sources: say which one states this" in found
    (found,) = problems(register, two + event().replace("locator: p1", "sources: {c: p1}"))
    assert "no source has the key 'c'; there is a, b" in found
    add(register, two + event().replace("locator: p1", "sources: {a: p1, b: title}"))
    assert len({row["source_id"] for row in rows(register, "claims")}) == 2


def test_a_record_without_locator_is_a_problem(register: Path) -> None:
    (found,) = problems(register, source() + event().replace("    locator: p1\n", ""))
    assert "say where in the source this is: `locator: p3`" in found


def test_a_target_inherits_scope_and_day_from_its_policy(register: Path) -> None:
    text = """\
policies:
  - name: National Electric Vehicle Policy
    country_code: PAK
    kind: strategy
    adopted_date: 2019-11
    locator: p1
    targets:
      - {metric: sales_share, value: 30, unit: percent, target_year: 2030, vehicle_category: car, strength: target,
         status: active}
"""
    add(register, source() + text)
    (row,) = rows(register, "policy_targets")
    assert row["target_id"] == "pak-2019-car-sales-share-2030"
    assert (row["country_code"], row["announced_date"]) == ("PAK", "2019-11")
    assert row["policy_id"] == "pak-national-electric-vehicle-policy-2019"


TARGET = "metric: stock, value: 5, unit: vehicles, target_year: 2030, strength: target, status: active, locator: p1"


def test_a_target_is_of_a_country_or_of_a_group(register: Path) -> None:
    for scope in ("", "country_code: KEN, group: EU, "):
        (found, *_) = problems(register, source() + f"targets:\n  - {{{scope}{TARGET}}}\n")
        assert "a target needs exactly one of country_code and group" in found


def test_a_newer_target_may_supersede_one_of_the_same_document(register: Path) -> None:
    older = f"targets:\n  - {{target_id: old, country_code: KEN, {TARGET}}}\n"
    newer = f"  - {{target_id: new, supersedes: old, country_code: KEN, {TARGET.replace('value: 5', 'value: 9')}}}\n"
    add(register, source() + older + newer)
    assert {row["target_id"]: row["supersedes_id"] for row in rows(register, "policy_targets")} == {
        "new": "old",
        "old": "",
    }


def test_one_bad_document_of_several_changes_nothing(register: Path) -> None:
    before = content(register)
    found = problems(register, source() + event(), source("b") + event("Lagos Forum").replace("KEN", "XYZ"))
    assert len(found) == 1
    assert content(register) == before


def test_a_dry_run_writes_nothing_and_tells_the_same(register: Path, tmp_path: Path) -> None:
    from evcollab.contributions import add as adding

    file = tmp_path / "event.yaml"
    file.write_text(source() + event(), encoding="utf-8")
    before = content(register)
    tried = adding.add([file], register, dry_run=True)
    assert content(register) == before
    done = adding.add([file], register)
    assert tried == done
    assert content(register) != before


def test_spaces_and_line_breaks_in_texts_are_tidied(register: Path) -> None:
    add(register, source() + event() + '    summary: "  One\\n two  "\n')
    assert rows(register, "events")[0]["summary"] == "One two"


def test_sources_without_a_key_are_known_by_their_number(register: Path) -> None:
    two = source() + source("b").removeprefix("sources:\n")
    add(register, two + event().replace("locator: p1", "sources: {0: p1, 1: p2}"))
    assert {row["locator"] for row in rows(register, "claims")} == {"p1", "p2"}


def test_a_name_of_two_organisations_needs_the_identifier(register: Path) -> None:
    one = "organisations:\n  - {name: %s, kind: government, country_code: KEN, locator: p1%s}\n"
    add(register, source() + one % ("Ministry of Energy", ", short_name: MoE"))
    add(register, source("b") + one % ("Department of Schools", ", short_name: MoE, new: true"))
    (found,) = problems(register, source("c") + one % ("MoE", ""))
    assert "'MoE' may be moe-ken, moe-ken-2: add `organisation_id` to say which" in found


def test_an_organisation_that_nothing_refers_to_needs_a_place_in_the_source(register: Path) -> None:
    alone = "organisations:\n  - {name: Ministry of Energy, kind: government, country_code: KEN}\n"
    (found,) = problems(register, source() + alone)
    assert "nothing in this document refers to it: leave it out, or say where it is: `locator: p3`" in found


def test_a_new_line_of_an_event_has_the_number_after_the_greatest(register: Path) -> None:
    lines = "    participants: [{country_code: KEN}, {country_code: UGA}, {country_code: TZA}]\n"
    add(register, source() + event() + lines)
    table = register / "data/participants.csv"
    kept = [
        line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("nairobi-forum-2025-2,")
    ]
    table.write_text("\n".join(kept) + "\n", encoding="utf-8", newline="")
    add(register, source() + event() + "    participants: [{country_code: RWA}]\n")
    numbers = [row["participant_id"].rsplit("-", 1)[1] for row in rows(register, "participants")]
    assert numbers == ["1", "3", "4"]


def test_a_target_in_a_policy_may_have_a_place_of_its_own(register: Path) -> None:
    plan = "policies:\n  - {name: East African Plan, kind: plan, status: in_force, country_code: KEN, locator: p1, "
    share = "{metric: sales_share, value: 5, unit: percent, target_year: 2030, vehicle_category: car, powertrain: ev, "
    own, other = (f"{share}strength: target, status: active{place}}}" for place in ("", ", country_code: UGA"))
    add(register, f"{source()}{plan}targets: [{own}, {other}]}}\n")
    assert sorted(row["country_code"] for row in rows(register, "policy_targets")) == ["KEN", "UGA"]


@pytest.mark.parametrize("member", ["", ", country_code: KEN, organisation: Korea International Cooperation Agency"])
def test_a_membership_is_of_a_country_or_an_organisation(register: Path, member: str) -> None:
    group = f"memberships:\n  - {{group: KOICA, role: member, sources: {{a: p1}}{member}}}\n"
    (found,) = problems(register, source() + BODY + group)
    assert "a membership needs exactly one of country_code and organisation" in found
