"""Acts over HTTP: stories from filing to each end, and the versions that guard every act."""

from typing import Any

import pytest

from chalicelib.domain.roles import Actor
from tests.support.bodies import OTHER_NUMBER, docketed, filing, reviewed
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation, submitted
from tests.support.deals import SETTLEMENT, answers, offers, signature, signs
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Api


@pytest.fixture
def api() -> Api:
    return Api()


def test_a_dispute_is_settled_and_signed(api: Api) -> None:
    """The centre appoints, the mediator accepts, both sides consent, agree to more days, settle and sign."""
    case_id = file_case(api)
    case = done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    assert (case["stage"], case["mediator_id"], case["judge_id"]) == ("assigned", "m-1", "j-1")
    case = done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    assert case["accepted_at"]
    owner = borrower(case_id)
    case = done(act(api, case_id, "consents", {"party_id": "r1", "given": True, "online": True}, owner))
    assert (case["stage"], case["consents"], case["online"]) == ("in_mediation", ["a1", "r1"], True)
    assert "extend" in case["allowed_actions"]
    case = done(act(api, case_id, "extension", {"side": "applicant", "days": 10}))
    assert (case["extension"], case["extended_days"]) == (
        {"side": "applicant", "days": 10, "agreed": ["a1"]},
        0,
    )
    case = done(act(api, case_id, "extension", {"side": "respondent", "days": 10}, owner))
    assert (case["extension"], case["extended_days"]) == (None, 10)
    done(offers(api, case_id))
    done(answers(api, case_id, "accepted"))
    case = done(act(api, case_id, "settlement", SETTLEMENT, MEDIATOR))
    assert (case["stage"], case["outcome"]) == ("settled", "lump_sum")
    done(signs(api, case_id, "a1"))
    in_person = signature(api, case_id, "r1", channel="in_person")
    case = done(act(api, case_id, "signatures", in_person, MEDIATOR))
    assert (case["stage"], [(each["action"], each["party_id"]) for each in case["pending"]]) == (
        "settled",
        [("sign", "r1")],
    )
    case = done(act(api, case_id, "signatures", in_person, CENTRE))
    assert case["pending"] == []
    assert (case["stage"], case["signatures"]) == ("performing", ["a1", "r1"])
    assert case["allowed_actions"] == [
        *(
            "object",
            "replace_judge",
            "replace_mediator",
            "apply_for_confirmation",
            "correct_details",
            "record_agent",
            "check_identity",
        ),
    ]


def test_a_dispute_goes_to_the_court_and_is_corrected_and_docketed(api: Api) -> None:
    """Unresolved, insisted on, returned, corrected, transferred anew, docketed with the court's number."""
    case_id = submitted(api)
    assert api.call_back(reviewed(f"{case_id}-T1", "rejected"), "m-1").status == 202
    api.hub.run()
    shown = api.get(f"/v1/cases/{case_id}").body
    assert shown["transfer"]["reasons"] == [{"document_id": "dossier", "code": "form_incomplete"}]
    corrected = {
        "claim": filing()["claim"] | {"fees": "50.00"},
        "parties": [filing()["respondents"][0] | {"party_id": "r1", "id_number": OTHER_NUMBER}],
    }
    case = done(act(api, case_id, "corrections", corrected))
    assert case["claim"]["fees"] == "50.00"
    assert api.call_back(docketed(f"{case_id}-T2"), "m-2").status == 202
    api.hub.run()
    case = api.get(f"/v1/cases/{case_id}").body
    assert (case["stage"], case["transfer"]["attempt"]) == ("docketed", 2)
    assert case["transfer"]["docketing"]["court_case_number"] == "（2026）闽0902民初123号"
    details = {entry.party_id: entry for entry in api.hub.cases.details(api.hub.cases.get(case_id))}
    assert details["r1"].id_number == OTHER_NUMBER


def test_a_mediator_declines_and_no_longer_sees_the_case(api: Api) -> None:
    """The act is answered; afterwards the case is somebody else's."""
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    case = done(act(api, case_id, "assignment", {"action": "decline", "reason": "near_relative"}, MEDIATOR))
    assert (case["stage"], case["mediator_id"], case["allowed_actions"]) == ("screened", None, [])
    assert api.get(f"/v1/cases/{case_id}", MEDIATOR).status == 404


def test_refused_consent_ends_the_attempt_and_the_institution_lets_go(api: Api) -> None:
    """A refusal needs no word on the online mode; not insisting closes the case."""
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    case = done(act(api, case_id, "consents", {"party_id": "r1", "given": False}, borrower(case_id)))
    assert (case["stage"], case["failure"]) == ("unresolved", "party_refuses")
    assert done(act(api, case_id, "transfer", {"insists": False}))["stage"] == "closed"


def test_withdrawing_needs_no_body(api: Api) -> None:
    """An absent body and an empty object are the same."""
    first, second = file_case(api, "JC-1"), file_case(api, "JC-2")
    assert done(act(api, first, "withdrawal", {}))["stage"] == "withdrawn"
    version = {"If-Match": f'"{api.hub.cases.get(second).version}"'}
    bare = api.request("POST", f"/v1/cases/{second}/withdrawal", INSTITUTION, None, version)
    assert done(bare)["stage"] == "withdrawn"


def test_an_act_answers_with_the_new_version(api: Api) -> None:
    """The ETag goes straight into the next act."""
    case_id = file_case(api)
    answer = act(api, case_id, "assignment", APPOINTMENT, CENTRE)
    assert (
        answer.headers["ETag"] == f'"{answer.body["version"]}"' == f'"{api.hub.cases.get(case_id).version}"'
    )


@pytest.mark.parametrize(
    ("tag", "status", "code"),
    [
        (None, 428, "if_match_required"),
        ("", 428, "if_match_required"),
        ("*", 400, "if_match_unusable"),
        ('W/"2"', 400, "if_match_unusable"),
        ('"2", "3"', 400, "if_match_unusable"),
        ("2", 400, "if_match_unusable"),
        ('"02"', 400, "if_match_unusable"),
        ('"1"', 412, "stale_version"),
        ('"999999999"', 412, "stale_version"),
    ],
)
def test_a_change_names_the_version_it_is_based_on(api: Api, tag: str | None, status: int, code: str) -> None:
    """No version, any version, a weak one or a list of them is refused, and so is yesterday's."""
    case_id = file_case(api)
    headers = {} if tag is None else {"If_Match": tag}
    before = api.hub.cases.get(case_id)
    answer = api.post(f"/v1/cases/{case_id}/withdrawal", {}, **headers)
    assert (answer.status, answer.code) == (status, code)
    assert api.hub.cases.get(case_id) == before


def test_what_the_stage_does_not_offer_is_a_conflict(api: Api) -> None:
    """The refusal says where the case stands and what was asked."""
    case_id = file_case(api)
    answer = act(api, case_id, "transfer", {"insists": True})
    assert (answer.status, answer.code) == (409, "action_not_available")
    assert (answer.body["stage"], answer.body["action"]) == ("screened", "transfer")


def test_what_is_not_available_says_whose_word_is_missing(api: Api) -> None:
    """From the appointment to the last signature, as a code and in words of both languages."""
    case_id = file_case(api)

    def missing(resource: str, body: dict[str, Any], actor: Actor = INSTITUTION) -> list[str]:
        answer = act(api, case_id, resource, body, actor)
        assert answer.status == 409, answer.raw.decode()
        named: list[str] = answer.body["missing"]
        return named

    apply = {"side": "applicant", "party_id": "a1"}
    assert missing("confirmation", apply) == ["appointment", "consent:r1", "agreement_in_force"]
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    assert missing("confirmation", apply) == ["mediator_acceptance", "consent:r1", "agreement_in_force"]
    ended = {"reason": "differences_too_large"}
    assert missing("failure", ended, MEDIATOR) == ["mediator_acceptance"]
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    assert missing("confirmation", apply) == ["consent:r1", "agreement_in_force"]
    assert missing("transfer", {"insists": True}) == ["mediation_ended"]
    owner = borrower(case_id)
    done(act(api, case_id, "consents", {"party_id": "r1", "given": True, "online": True}, owner))
    assert missing("settlement", SETTLEMENT, MEDIATOR) == ["offer"]
    done(offers(api, case_id))
    assert missing("settlement", SETTLEMENT, MEDIATOR) == ["answer:r1"]
    too_early = act(api, case_id, "settlement", SETTLEMENT, MEDIATOR).body["detail"]
    assert too_early.endswith("(民法典 490, TY24). Missing: the answer of r1 to the offer.")
    done(answers(api, case_id, "accepted"))
    assert missing("confirmation", apply) == ["agreement", "agreement_in_force"]
    assert missing("transfer", {"insists": True}) == ["mediation_ended"]
    done(act(api, case_id, "settlement", SETTLEMENT, MEDIATOR))
    done(signs(api, case_id, "a1"))
    assert missing("confirmation", apply) == ["identity:r1", "signature:r1"]
    english = act(api, case_id, "confirmation", apply)
    assert english.body["detail"].endswith("check of who r1 is; the signature of r1.")
    url, version = f"/v1/cases/{case_id}/confirmation", api.hub.cases.get(case_id).version
    chinese = api.post(url, apply, If_Match=f'"{version}"', Accept_Language="zh-CN")
    assert chinese.body["detail"].endswith("尚缺：调解员或者中心核对 r1 的身份；r1 签署调解协议。")


def test_where_nobody_is_waited_for_nothing_is_missing(api: Api) -> None:
    """A case at the court waits for no word of the parties: it is past consents, and the answer says so."""
    answer = act(api, submitted(api), "consents", {"party_id": "r1", "given": True, "online": True}, CENTRE)
    assert (answer.code, "missing" in answer.body) == ("action_not_available", False)
    assert answer.body["detail"].endswith("The case is past it.")


def test_a_rule_that_refuses_is_named_with_its_article_in_both_languages(api: Api) -> None:
    """The rule's stable name and source, and its words in the caller's language."""
    case_id = in_mediation(api)
    body = {"side": "respondent", "days": 10}
    english = act(api, case_id, "extension", body)
    assert (english.status, english.code) == (409, "rule_violated")
    assert (english.body["rule"], english.body["article"]) == ("own_side", "TY27")
    assert "speaks for itself" in english.body["detail"]
    tag = f'"{api.hub.cases.get(case_id).version}"'
    chinese = api.post(
        f"/v1/cases/{case_id}/extension", body, If_Match=tag, Accept_Language="zh-CN,zh;q=0.9,en;q=0.8"
    )
    assert chinese.headers["Content-Language"] == "zh-CN"
    assert "本方" in chinese.body["detail"]
    assert chinese.body["title"] == "不符合规则"


BAD_FORMS: list[tuple[str, Any, str, str]] = [
    ("assignment", {"action": "dismiss"}, "/action", "not_an_option"),
    ("assignment", {}, "/action", "missing"),
    ("assignment", {"action": "appoint", "mediator_id": "m-1"}, "/judge_id", "missing"),
    ("assignment", {"action": "accept", "judge_id": "j-1"}, "/judge_id", "unknown_field"),
    ("assignment", {"action": "decline", "reason": "bored"}, "/reason", "not_an_option"),
    ("consents", {"party_id": "r 1", "given": True}, "/party_id", "identifier_format"),
    ("consents", {"party_id": "r1", "given": "true"}, "/given", "boolean_expected"),
    ("consents", {"party_id": "r1", "given": True, "channel": "fax"}, "/channel", "not_an_option"),
    ("extension", {"side": "applicant", "days": "10"}, "/days", "integer_expected"),
    ("extension", {"side": "applicant", "days": True}, "/days", "integer_expected"),
    ("extension", {"side": "applicant", "days": 0}, "/days", "too_small"),
    ("extension", {"side": "applicant", "days": 366}, "/days", "too_large"),
    ("settlement", {}, "/account", "missing"),
    ("settlement", SETTLEMENT | {"outcome": "lump_sum"}, "/outcome", "unknown_field"),
    ("settlement", SETTLEMENT | {"confirmation_wanted": "yes"}, "/confirmation_wanted", "boolean_expected"),
    ("settlement", SETTLEMENT | {"receipt_reference": " "}, "/receipt_reference", "reference_format"),
    ("settlement", SETTLEMENT | {"default_clause": {}}, "/default_clause/grace_days", "missing"),
    ("offers", {"schedule": {"kind": "lump_sum", "by": "soon"}}, "/schedule/by", "date_format"),
    ("offers", {"schedule": {"kind": "yearly"}}, "/schedule/kind", "not_an_option"),
    ("offers", {"schedule": {"kind": "custom", "parts": []}}, "/schedule/parts", "too_few"),
    ("offers", {"waived": {"interest": "-1.00"}}, "/waived/interest", "amount_format"),
    ("offers/1/answers", {"side": "applicant", "reply": "perhaps"}, "/reply", "not_an_option"),
    ("signing-codes", {"party_id": ""}, "/party_id", "identifier_format"),
    ("signatures", {"party_id": "a1", "document_sha256": "AB"}, "/document_sha256", "sha256_format"),
    ("signatures", {"party_id": "a1", "code": "12345"}, "/code", "code_digits"),
    ("signing-refusals", {"party_id": "a1", "why": "x"}, "/why", "unknown_field"),
    ("repayments", {"reference": "P 1"}, "/reference", "reference_format"),
    ("repayments", {"amount": "0.00"}, "/amount", "amount_not_positive"),
    ("repayments", {"amount": 5}, "/amount", "amount_format"),
    ("repayments", {"on": "2026-02-30"}, "/on", "date_unreal"),
    ("reversals", {}, "/reference", "missing"),
    ("confirmation", {"side": "both"}, "/side", "not_an_option"),
    ("renegotiation", {"claim": "0.00"}, "/claim", "unknown_field"),
    ("enforcement", {"claim": "0.00"}, "/claim", "unknown_field"),
    ("failure", {"reason": 1}, "/reason", "not_an_option"),
    ("withdrawal", {"why": "x"}, "/why", "unknown_field"),
    ("transfer", {}, "/insists", "missing"),
    ("corrections", {"claim": {}}, "/claim/principal", "missing"),
    ("corrections", {"claim": 5}, "/claim", "object_expected"),
    ("corrections", {"parties": [{"party_id": "r1"}]}, "/parties/0/name", "missing"),
]


@pytest.mark.parametrize(("resource", "body", "pointer", "code"), BAD_FORMS)
def test_each_form_is_read_strictly(api: Api, resource: str, body: Any, pointer: str, code: str) -> None:
    """Wrong types and unknown fields are told by pointer; the case stays as it is."""
    case_id = file_case(api)
    actor = {"assignment": CENTRE, "consents": CENTRE}
    actor |= dict.fromkeys(("settlement", "failure", "renegotiation"), MEDIATOR)
    before = api.hub.cases.get(case_id)
    answer = act(api, case_id, resource, body, actor.get(resource, INSTITUTION))
    assert (answer.status, answer.faults[pointer]) == (422, code)
    assert api.hub.cases.get(case_id) == before


def test_a_correction_can_not_turn_a_person_into_a_firm(api: Api) -> None:
    """The kind is the case's; a future cut-off day and a wrong number are told as in a filing."""
    case_id = submitted(api)
    api.call_back(reviewed(f"{case_id}-T1", "rejected"))
    api.hub.run()
    firm = filing()["respondents"][0] | {
        "party_id": "r1",
        "kind": "entity",
        "id_number": "91350100M000100Y43",
    }
    answer = act(api, case_id, "corrections", {"parties": [firm]})
    assert (answer.status, answer.faults) == (422, {"/parties/0/kind": "party_kind_differs"})
    wrong = {
        "claim": filing()["claim"] | {"as_of": "2030-01-01"},
        "parties": [firm | {"kind": "person"}],
    }
    assert act(api, case_id, "corrections", wrong).faults == {
        "/claim/as_of": "date_in_future",
        "/parties/0/id_number": "id_number_format",
    }


def test_a_correction_can_not_make_two_parties_one(api: Api) -> None:
    """A number that another party of the case has is told; one's own is not."""
    first = filing()["respondents"][0]
    second = first | {"id_number": OTHER_NUMBER}
    api.post("/v1/filings", filing(respondents=[first, second]), Idempotency_Key="two")
    answer = act(api, "C-0001", "corrections", {"parties": [second | {"party_id": "r1"}]})
    assert (answer.status, answer.faults) == (422, {"/parties/0/id_number": "duplicate_party"})
    assert act(api, "C-0001", "corrections", {"parties": [second | {"party_id": "r2"}]}).status == 409


def test_a_correction_can_not_change_what_somebody_answers_for(api: Api) -> None:
    """Its terms may be corrected; its kind was told to the party and the court."""
    guarantor = filing()["respondents"][0] | {"liability": {"kind": "joint_guarantor"}}
    api.post("/v1/filings", filing(respondents=[guarantor]), Idempotency_Key="one")
    other = guarantor | {"party_id": "r1", "liability": {"kind": "general_guarantor"}}
    answer = act(api, "C-0001", "corrections", {"parties": [other]})
    assert (answer.status, answer.faults) == (422, {"/parties/0/liability": "liability_differs"})
    same = guarantor | {"party_id": "r1", "liability": {"kind": "joint_guarantor", "scope": "全部"}}
    assert act(api, "C-0001", "corrections", {"parties": [same]}).status == 409


def test_a_correction_can_not_change_who_acts(api: Api) -> None:
    """Or whoever corrects could let somebody else sign."""
    api.post("/v1/filings", filing(), Idempotency_Key="one")
    agent = {"name": "林试", "authority": "special"}
    corrected = filing()["respondents"][0] | {"party_id": "r1", "agents": [agent]}
    answer = act(api, "C-0001", "corrections", {"parties": [corrected]})
    assert (answer.status, answer.faults) == (422, {"/parties/0/agents": "agents_differ"})


def test_a_correction_of_nobody_is_the_rules_business(api: Api) -> None:
    """An unknown party and an empty correction are refused by the domain's rule."""
    case_id = submitted(api)
    api.call_back(reviewed(f"{case_id}-T1", "rejected"))
    api.hub.run()
    stranger = filing()["respondents"][0] | {"party_id": "r9"}
    for body in ({}, {"parties": [stranger]}):
        answer = act(api, case_id, "corrections", body)
        assert (answer.status, answer.body["rule"]) == (409, "corrects_something")
