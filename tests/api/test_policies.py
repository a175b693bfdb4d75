"""Concession policies through the API: published, refused by name, and kept from others."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.roles import Actor, Role
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api
from tests.support.policies import PATH, TODAY, policy, preview, publish, tier

OTHER_BANK = Actor(role=Role.INSTITUTION, subject="clerk-9", institution_id="bank-9")


def test_every_bank_starts_with_the_models_default() -> None:
    """Version 1 from 2000 without end, nobody's publication; its ETag is what a publication sends."""
    answer = Api().get(PATH)
    assert (answer.status, answer.headers["ETag"]) == (200, '"1"')
    book = answer.body
    (only,) = book.pop("versions")
    assert book == {"institution_id": "bank-1", "in_force": 1, "latest_version": 1}
    audit = (only["published_at"], only["published_by"])
    assert (only["version"], only["valid_from"], only["valid_to"], *audit) == (
        1,
        "2000-01-01",
        None,
        None,
        None,
    )
    assert {entry["name"]: entry["waivers"][0] for entry in only["tiers"]} == {
        "lump_sum": {"component": "penalty_interest", "percent": "100"},
        "instalments": {"component": "penalty_interest", "percent": "50"},
    }


def test_a_published_version_is_shown_as_it_was_sent() -> None:
    """201 with its ETag and audit; a percentage keeps its digits."""
    api = Api()
    answer = publish(api, policy())
    assert (answer.status, answer.headers["ETag"]) == (201, '"2"')
    audit = {"published_at": api.hub.clock.now().isoformat(), "published_by": "clerk-1"}
    assert answer.body == {"version": 2, **policy(), **audit}
    book = api.get(PATH)
    assert book.headers["ETag"] == '"2"'
    assert (book.body["in_force"], book.body["versions"][1]) == (2, answer.body)


def test_what_is_left_out_is_null() -> None:
    """No end, no conditions, nothing waived: all may be left out, or null."""
    bare = {"name": "bare", "repayment": "instalments", "waivers": []}
    answer = publish(Api(), {"valid_from": TODAY, "tiers": [bare]})
    none = {"paid_within_days": None, "instalments_up_to": None, "claim_up_to": None, "cap": None}
    assert answer.status == 201
    assert (answer.body["valid_to"], answer.body["tiers"]) == (None, [{**bare, **none}])
    again = publish(Api(), {"valid_from": TODAY, "valid_to": None, "tiers": [{**bare, **none}]})
    assert again.body == answer.body


def test_a_version_is_in_force_from_its_first_to_its_last_day() -> None:
    """Before and after, the default is: a campaign needs no second publication to end."""
    api = Api()
    publish(api, policy(valid_from="2026-03-03", valid_to="2026-03-04"))
    seen = []
    for _ in range(4):
        seen.append(api.get(PATH).body["in_force"])
        api.hub.clock.advance(days=1)
    assert seen == [1, 2, 2, 1]


def test_a_campaign_of_one_day_is_taken() -> None:
    """Its first day is its last."""
    assert publish(Api(), policy(valid_to=TODAY)).status == 201


def test_a_dry_run_answers_and_stores_nothing() -> None:
    """200, the ETag still that of the version there is, nobody's publication; faults and 412 as ever."""
    api = Api()
    answer = publish(api, policy(), query="?dry_run=true")
    assert (answer.status, answer.headers["ETag"]) == (200, '"1"')
    assert answer.body == {"version": 2, **policy(), "published_at": None, "published_by": None}
    assert api.hub.policies.stored == {}
    assert publish(api, policy(valid_from="2026-03-01"), query="?dry_run=true").status == 422
    assert publish(api, policy(), 2, query="?dry_run=true").code == "stale_policy"
    assert publish(api, policy(), query="?dry_run=yes").faults == {"/dry_run": "not_an_option"}
    assert publish(api, policy(), query="?dry_run=false").status == 201


def test_of_two_clerks_the_second_is_told() -> None:
    """412 in its language; after reading again it publishes the next version."""
    api = Api()
    assert publish(api, policy()).status == 201
    other = replace(INSTITUTION, subject="clerk-9")
    late = api.post(PATH, policy(), other, If_Match='"1"', Accept_Language="zh-CN")
    assert (late.status, late.code, late.body["title"]) == (412, "stale_policy", "减免政策已有新版本")
    assert publish(api, policy(), 2).body["version"] == 3


def test_a_publication_sent_again_is_answered_as_done() -> None:
    """Its first answer was lost: the same version again, and none beside it."""
    api = Api()
    first = publish(api, policy())
    api.hub.clock.advance(hours=1)
    again = api.post(PATH, policy(), If_Match='"1"')
    assert (again.status, again.body, again.headers["ETag"]) == (201, first.body, '"2"')
    assert len(api.hub.policies.stored) == 1


def test_a_publication_names_the_version_it_is_based_on() -> None:
    """Without one 428, without a single one 400."""
    api = Api()
    assert api.post(PATH, policy()).code == "if_match_required"
    assert api.post(PATH, policy(), If_Match="*").code == "if_match_unusable"
    assert api.hub.policies.stored == {}


def test_all_faults_are_told_at_once() -> None:
    """Each at its place, those of a single value and those of several together."""
    api = Api()
    first = tier(
        name="Lump Sum",
        repayment="barter",
        waivers=[
            {"component": "principal", "percent": 50},
            {"component": "principal", "percent": "100.1"},
            {"component": "karma", "percent": "50", "because": "x"},
        ],
        paid_within_days=-1,
        instalments_up_to=61,
        claim_up_to="-1.00",
        cap=1,
    )
    body = policy(first, tier(), tier(), valid_from="2026-03-01", valid_to="2026-02-28", more=True)
    answer = publish(api, body)
    assert (answer.status, answer.code) == (422, "invalid_input")
    assert answer.faults == {
        "/valid_from": "date_in_past",
        "/valid_to": "dates_out_of_order",
        "/tiers/0/name": "code_format",
        "/tiers/0/repayment": "not_an_option",
        "/tiers/0/waivers/0/percent": "percent_format",
        "/tiers/0/waivers/1/percent": "percent_format",
        "/tiers/0/waivers/1/component": "duplicate_reference",
        "/tiers/0/waivers/2/component": "not_an_option",
        "/tiers/0/waivers/2/because": "unknown_field",
        "/tiers/0/paid_within_days": "too_small",
        "/tiers/0/instalments_up_to": "too_large",
        "/tiers/0/claim_up_to": "amount_format",
        "/tiers/0/cap": "amount_format",
        "/tiers/2/name": "duplicate_reference",
        "/more": "unknown_field",
    }
    assert api.hub.policies.stored == {}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"tiers": []}, {"/tiers": "too_few"}),
        ({"tiers": [tier(name=f"t{n}") for n in range(21)]}, {"/tiers": "too_many"}),
        ({"tiers": "all"}, {"/tiers": "list_expected"}),
        (
            {"tiers": ["all", tier(), tier()]},
            {"/tiers/0": "object_expected", "/tiers/2/name": "duplicate_reference"},
        ),
        ({"valid_from": None}, {"/valid_from": "date_format"}),
        ({"valid_from": "2026-02-30"}, {"/valid_from": "date_unreal"}),
        ({"valid_to": "someday"}, {"/valid_to": "date_format"}),
        ({"tiers": [tier(waivers=None)]}, {"/tiers/0/waivers": "list_expected"}),
        ({"tiers": [tier(name="")]}, {"/tiers/0/name": "code_format"}),
    ],
)
def test_each_fault_is_named_at_its_place(changes: dict[str, Any], faults: dict[str, str]) -> None:
    """And nothing is stored."""
    api = Api()
    answer = publish(api, policy(**changes))
    assert (answer.status, answer.faults) == (422, faults)
    assert api.hub.policies.stored == {}


@pytest.mark.parametrize("percent", ["0", "100", "100.000000", "99.999999", "0.000001", "7.5"])
def test_a_percentage_of_policy_is_taken(percent: str) -> None:
    """From nothing to all, six decimals, and shown again with the same digits."""
    answer = publish(Api(), policy(tier(waivers=[{"component": "fees", "percent": percent}])))
    assert answer.body["tiers"][0]["waivers"] == [{"component": "fees", "percent": percent}]


@pytest.mark.parametrize(
    "percent",
    ["", "-1", "+1", "100.000001", "101", "1e1", "50%", " 50", "050", ".5", "5.", "1.0000001", "NaN", "５"],
)
def test_no_other_text_is_a_percentage(percent: str) -> None:
    """Each refused where it stands, in words that say what to send."""
    answer = publish(Api(), policy(tier(waivers=[{"component": "fees", "percent": percent}])))
    assert answer.faults == {"/tiers/0/waivers/0/percent": "percent_format"}
    assert '"0" to "100"' in answer.body["errors"][0]["message"]


def test_refusals_speak_the_callers_language() -> None:
    """The new faults in Chinese."""
    api = Api()
    body = policy(tier(), tier(), valid_from="2026-03-01", valid_to="2026-02-28")
    answer = api.post(PATH, body, If_Match='"1"', Accept_Language="zh-CN")
    told = {entry["pointer"]: entry["message"] for entry in answer.body["errors"]}
    assert told == {
        "/valid_from": "不得早于今日（北京时间 2026-03-02）",
        "/valid_to": "2026-02-28 过早，不得早于 2026-03-01",
        "/tiers/1/name": "重复，仅可出现一次",
    }


def test_another_banks_policy_does_not_exist() -> None:
    """404 byte for byte as for an id nobody uses, whether it published or not; its own is its own."""
    api = Api()
    publish(api, policy())

    def answers(institution_id: str) -> list[tuple[int, str]]:
        path = PATH.replace("bank-1", institution_id)
        asked = (
            api.get(path, OTHER_BANK),
            api.post(path, policy(), OTHER_BANK, If_Match='"2"'),
            api.post(f"{path}?dry_run=true", policy(), OTHER_BANK, If_Match='"2"'),
            api.post(
                f"{path}/preview", {"tier": "x", "repayment": "lump_sum", "days": 0, "owed": {}}, OTHER_BANK
            ),
        )
        return [(answer.status, json.dumps(answer.body | {"request_id": ""})) for answer in asked]

    assert answers("bank-1") == answers("nobody") == answers("bank%201")
    assert {status for status, _ in answers("bank-1")} == {404}
    assert api.get(PATH.replace("bank-1", "bank-9"), OTHER_BANK).body["latest_version"] == 1
    assert [version for _, version in api.hub.policies.stored] == [2]


def test_who_mediates_reads_and_tries_out_but_never_publishes() -> None:
    """Every bank's policy, with what it would waive; what is no id is nobody's."""
    api = Api()
    publish(api, policy(valid_from="2026-03-03"))
    for actor in (MEDIATOR, CENTRE):
        assert api.get(PATH, actor).body["latest_version"] == 2
        assert preview(api, actor).body["waived"] == "3128.81"
        assert publish(api, policy(), 2, actor=actor).code == "not_permitted"
        for strange in ("-bank", "b" * 65, "行"):
            assert api.get(PATH.replace("bank-1", strange), actor).code == "policy_not_found"


@pytest.mark.parametrize("actor", [COURT, JUDGE, OPS, borrower("C-1")], ids=lambda actor: actor.role)
def test_nobody_else_sees_a_tier(actor: Actor) -> None:
    """Borrowers meet them in offers; courts never (TY22)."""
    api = Api()
    asked = (api.get(PATH, actor), publish(api, policy(), actor=actor), preview(api, actor))
    assert [answer.code for answer in asked] == ["not_permitted"] * 3
