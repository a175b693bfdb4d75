"""M15: the judge guides at any time, on the law; a draft it sees only when every party lets it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.courses import act, done, file_case, in_mediation
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api
from tests.support.settling import agrees

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from tests.support.http import Answer

QUESTION: Final = "保证期间届满后，保证人自愿还款的，能否反悔？"
ADVICE: Final = "不能，参见民法典关于诉讼时效和保证期间的规定。"
OTHER_JUDGE: Final = replace(JUDGE, subject="j-2", judge_id="j-2")


@pytest.fixture
def api() -> Api:
    """Make a hub of its own."""
    return Api()


def writes(api: Api, case_id: str, actor: Actor, text: str = QUESTION, *, key: str = "") -> Answer:
    """Let mediator or judge write."""
    key = key or f"{actor.subject}-{case_id}-{len(api.hub.talk.entries(case_id))}"
    return api.post(f"/v1/cases/{case_id}/guidance", {"text": text}, actor, Idempotency_Key=key)


def listed(api: Api, case_id: str, reader: Actor) -> dict[str, Any]:
    """Return what mediator or judge is shown."""
    answer = api.get(f"/v1/cases/{case_id}/guidance", reader)
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


def open_questions(api: Api, judge: Actor) -> list[str]:
    """Return the cases on a judge's list."""
    return [each["case_id"] for each in api.get("/v1/guidance", judge).body["items"]]


def consents(api: Api, case_id: str, actor: Actor, *, sha: str = "", given: bool = True) -> Answer:
    """Let a party decide about showing the draft."""
    sha = sha or str(api.hub.cases.get(case_id).agreement_sha256)
    body = {"document_sha256": sha, "given": given}
    return api.post(f"/v1/cases/{case_id}/draft-consents", body, actor)


def drawn_up(api: Api) -> str:
    """Bring a case as far as an agreement that waits for signatures."""
    case_id = in_mediation(api)
    agrees(api.hub, case_id)
    return case_id


def draft(api: Api, case_id: str, judge: Actor = JUDGE) -> Answer:
    """Let a judge ask for the draft."""
    return api.get(f"/v1/cases/{case_id}/guidance/draft", judge)


def test_m15_the_judge_guides_on_the_law(api: Api) -> None:
    """The mediator asks, the judge's list has the case until it advises, and both read what was said."""
    case_id = in_mediation(api)
    before = api.get(f"/v1/cases/{case_id}", MEDIATOR).headers["ETag"]
    asked = writes(api, case_id, MEDIATOR)
    assert (asked.status, asked.body["kind"], asked.body["person_id"]) == (201, "question", "m-1")
    assert open_questions(api, JUDGE) == [case_id]
    advised = writes(api, case_id, JUDGE, ADVICE)
    assert (advised.status, advised.body["kind"], advised.body["person_id"]) == (201, "advice", "j-1")
    assert open_questions(api, JUDGE) == []
    for reader in (MEDIATOR, JUDGE):
        shown = listed(api, case_id, reader)
        assert [each["text"] for each in shown["items"]] == [QUESTION, ADVICE]
        assert (shown["next"], shown["asked_at"]) == (None, None)
    assert api.get(f"/v1/cases/{case_id}", MEDIATOR).headers["ETag"] == before


@pytest.mark.parametrize(
    "actor", [INSTITUTION, CENTRE, COURT, OPS, borrower("C-0001")], ids=lambda actor: str(actor.role)
)
def test_only_mediator_and_judge_read_and_write_guidance(api: Api, actor: Actor) -> None:
    """No party, no bank, not the centre, not the court's system."""
    case_id = in_mediation(api)
    writes(api, case_id, MEDIATOR)
    for answer in (
        writes(api, case_id, actor),
        api.get(f"/v1/cases/{case_id}/guidance", actor),
        api.get("/v1/guidance", actor),
        draft(api, case_id, actor),
    ):
        assert (answer.status, answer.body["code"]) == (403, "not_permitted")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张三测能否反悔？", ["name"]),
        ("张 三 测 能否反悔？", ["name"]),
        ("身份证 １１０１０５ 19491231002x 的借款人", ["id_number"]),
        ("他的电话是 138-0000-1234", ["phone"]),
        ("张三测，13800001234", ["name", "phone"]),
    ],
)
def test_a_text_that_names_a_party_is_refused(api: Api, text: str, found: list[str]) -> None:
    """The answer says what was found, not the value; nothing is stored."""
    case_id = in_mediation(api)
    details = {each.party_id: each for each in api.hub.cases.details(api.hub.cases.get(case_id))}
    text = text.replace("张三测", details["r1"].name).replace("张 三 测", " ".join(details["r1"].name))
    answer = writes(api, case_id, MEDIATOR, text)
    assert (answer.status, answer.body["code"], answer.body["found"]) == (422, "text_tells_of_parties", found)
    assert details["r1"].name not in answer.raw.decode()
    assert api.hub.talk.entries(case_id) == ()


def test_the_judge_does_not_name_a_party_either(api: Api) -> None:
    """Nor the bank."""
    case_id = in_mediation(api)
    details = {each.party_id: each for each in api.hub.cases.details(api.hub.cases.get(case_id))}
    assert writes(api, case_id, JUDGE, f"{details['a1'].name}可以起诉").body["found"] == ["name"]


def test_an_amount_that_was_offered_is_refused(api: Api) -> None:
    """Until the judge may see the draft; the payee's account too."""
    case_id = drawn_up(api)
    total = api.hub.settlements.get(api.hub.cases.get(case_id)).negotiation.offers[0].figures.total  # type: ignore[union-attr]  # there is one
    account = api.hub.settlements.account(api.hub.cases.get(case_id))
    assert account is not None
    answer = writes(api, case_id, MEDIATOR, f"还 {str(total)[:3]},{str(total)[3:]} 元是否过高？")
    assert answer.body["found"] == ["amount"]
    assert writes(api, case_id, MEDIATOR, f"账号{account.number}").body["found"] == ["account"]
    for party in (INSTITUTION, borrower(case_id)):
        consents(api, case_id, party)
    assert writes(api, case_id, MEDIATOR, f"还{total}元是否过高？").status == 201


@given(
    around=st.tuples(st.text(max_size=5), st.text(max_size=5)),
    between=st.text(alphabet=" -－　.", max_size=2),
    what=st.sampled_from(["name", "id_number", "phone"]),
)
def test_no_partys_name_or_number_gets_through(around: tuple[str, str], between: str, what: str) -> None:
    """Whatever stands before, behind and between its characters, apart from letters."""
    api = Api()
    case_id = in_mediation(api)
    details = api.hub.cases.details(api.hub.cases.get(case_id))
    for entry in details:
        told = between.join(getattr(entry, what))
        answer = writes(api, case_id, MEDIATOR, f"{around[0]}\n{told}\n{around[1]}")
        assert answer.status == 422
    assert listed(api, case_id, JUDGE)["items"] == []


def test_the_judge_sees_the_draft_when_every_party_lets_it(api: Api) -> None:
    """Not before, and that it has seen it is on record; until then it does not learn that there is one."""
    case_id = drawn_up(api)
    sha = api.hub.cases.get(case_id).agreement_sha256
    for party in (INSTITUTION, borrower(case_id)):
        assert draft(api, case_id).body["rule"] == "draft_shown"
        assert listed(api, case_id, JUDGE)["draft"]["document_sha256"] is None
        assert consents(api, case_id, party).status == 200
    assert listed(api, case_id, MEDIATOR)["draft"] == {
        "document_sha256": sha,
        "consents": ["a1", "r1"],
        "missing": [],
        "given": False,
        "shown": True,
        "seen_by": [],
    }
    seen = draft(api, case_id)
    assert (seen.status, seen.raw) == (200, api.hub.papers.get(case_id, str(sha))[1])
    assert listed(api, case_id, JUDGE)["draft"]["seen_by"] == ["j-1"]
    draft(api, case_id)
    kinds = [entry.kind for entry in api.hub.talk.entries(case_id)]
    assert kinds == ["draft_consent", "draft_consent", "draft_seen"]


def test_a_consent_can_be_taken_back(api: Api) -> None:
    """Then the draft is shown no more; the same again changes nothing."""
    case_id = drawn_up(api)
    for party in (INSTITUTION, borrower(case_id)):
        consents(api, case_id, party)
    assert consents(api, case_id, borrower(case_id), given=False).body["missing"] == ["r1"]
    consents(api, case_id, borrower(case_id), given=False)
    assert draft(api, case_id).body["rule"] == "draft_shown"
    assert len(api.hub.talk.entries(case_id)) == 3
    answer = api.get(f"/v1/cases/{case_id}/draft-consents", INSTITUTION)
    assert (answer.body["consents"], answer.body["given"], answer.body["shown"]) == (["a1"], True, False)


def test_only_the_agreement_that_all_accepted_can_be_shown(api: Api) -> None:
    """Another paper can't, nor is there one before."""
    case_id = drawn_up(api)
    assert consents(api, case_id, INSTITUTION, sha="ab" * 32).body["rule"] == "draft_accepted"
    early = in_mediation(api, "JC-2")
    assert consents(api, early, INSTITUTION, sha="ab" * 32).body["rule"] == "draft_accepted"


def test_another_judge_of_the_case_takes_the_guidance_over(api: Api) -> None:
    """With its open question; the one before reads nothing more."""
    case_id = file_case(api)
    api.hub.run()
    first = {"action": "appoint", "mediator_id": "m-1", "judge_id": "j-1"}
    done(act(api, case_id, "assignment", first, CENTRE))
    assert writes(api, case_id, MEDIATOR).status == 201
    done(act(api, case_id, "assignment", {"action": "decline", "reason": "workload"}, MEDIATOR))
    done(act(api, case_id, "assignment", {**first, "judge_id": "j-2"}, CENTRE))
    assert (open_questions(api, JUDGE), open_questions(api, OTHER_JUDGE)) == ([], [case_id])
    assert [each["text"] for each in listed(api, case_id, OTHER_JUDGE)["items"]] == [QUESTION]
    for answer in (writes(api, case_id, JUDGE), api.get(f"/v1/cases/{case_id}/guidance", JUDGE)):
        assert answer.body["code"] == "case_not_found"


def test_a_judge_is_replaced_while_the_talks_go_on(api: Api) -> None:
    """Recusal or illness: the guidance moves, the limits stay; not to itself, nor to a stranger."""
    case_id = in_mediation(api)
    writes(api, case_id, MEDIATOR)
    before = api.hub.cases.get(case_id)
    for judge_id, refused in (("j-1", "rule_violated"), ("j-9", "judge_not_eligible")):
        body = {"judge_id": judge_id, "ground": "conflict"}
        assert act(api, case_id, "judge-replacement", body, CENTRE).body["code"] == refused
    done(act(api, case_id, "judge-replacement", {"judge_id": "j-2", "ground": "conflict"}, CENTRE))
    after = api.hub.cases.get(case_id)
    assert (after.judge_id, after.stage, after.deadline) == ("j-2", before.stage, before.deadline)
    assert (open_questions(api, JUDGE), open_questions(api, OTHER_JUDGE)) == ([], [case_id])
    assert writes(api, case_id, JUDGE).body["code"] == "case_not_found"
    assert writes(api, case_id, OTHER_JUDGE, ADVICE).body["person_id"] == "j-2"
    (event,) = [each for each in api.hub.cases.events(case_id, 0) if each.type == "judge_replaced"]
    assert event.facts == {"judge_id": "j-2", "ground": "conflict"}


def test_there_is_no_guidance_beside_a_suit(api: Api) -> None:
    """The judge who advised hears it."""
    case_id = in_mediation(api)
    writes(api, case_id, MEDIATOR)
    done(act(api, case_id, "failure", {"reason": "differences_too_large"}, MEDIATOR))
    done(act(api, case_id, "transfer", {"insists": True}))
    for actor in (MEDIATOR, JUDGE):
        assert writes(api, case_id, actor).body["rule"] == "before_the_court"
    assert [each["text"] for each in listed(api, case_id, MEDIATOR)["items"]] == [QUESTION]


def submission(api: Api, case_id: str) -> dict[str, Any]:
    """Let the bank sue; return the message to the court."""
    done(act(api, case_id, "transfer", {"insists": True}))
    api.hub.run()
    return dict(next(reversed(api.hub.court.submissions.values())).body)


def test_a_transfer_tells_who_has_seen_a_draft(api: Api) -> None:
    """Of a case whose agreement fell through; the guidance itself is in no dossier."""
    case_id = drawn_up(api)
    writes(api, case_id, MEDIATOR, QUESTION)
    for party in (INSTITUTION, borrower(case_id)):
        consents(api, case_id, party)
    draft(api, case_id)
    done(act(api, case_id, "signing-refusals", {"party_id": "r1"}, borrower(case_id)))
    body = submission(api, case_id)
    assert body["draft_seen_by"] == ["j-1"]
    documents = [
        api.hub.dossier_store.get(body["transfer_id"], each["document_id"]) for each in body["manifest"]
    ]
    assert all(QUESTION not in content.decode(errors="ignore") for content in documents)


def test_a_transfer_names_nobody_where_no_draft_was_seen(api: Api) -> None:
    """Consent alone shows nothing."""
    case_id = drawn_up(api)
    for party in (INSTITUTION, borrower(case_id)):
        consents(api, case_id, party)
    done(act(api, case_id, "signing-refusals", {"party_id": "r1"}, borrower(case_id)))
    assert "draft_seen_by" not in submission(api, case_id)


def test_a_repeated_key_writes_once(api: Api) -> None:
    """Another body under it is refused."""
    case_id = in_mediation(api)
    first = writes(api, case_id, MEDIATOR, key="k")
    again = writes(api, case_id, MEDIATOR, key="k")
    assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
    assert writes(api, case_id, MEDIATOR, ADVICE, key="k").body["code"] == "idempotency_key_reused"


def test_a_repeat_is_answered_even_where_it_would_be_refused_by_now(api: Api) -> None:
    """It was stored while it could be; anything new is refused."""
    case_id = in_mediation(api)
    first = writes(api, case_id, MEDIATOR, key="k")
    done(act(api, case_id, "failure", {"reason": "differences_too_large"}, MEDIATOR))
    done(act(api, case_id, "transfer", {"insists": True}))
    assert writes(api, case_id, MEDIATOR, key="k").body == first.body
    assert writes(api, case_id, MEDIATOR, key="k-2").body["rule"] == "before_the_court"


def test_guidance_and_questions_come_in_pages(api: Api) -> None:
    """A judge's page of a court's questions may be empty and lead on."""
    ids = [in_mediation(api, f"JC-{number}") for number in range(3)]
    for case_id in ids:
        writes(api, case_id, MEDIATOR)
        api.hub.clock.advance(minutes=1)
    first = api.get("/v1/guidance?limit=2", JUDGE).body
    rest = api.get(f"/v1/guidance?limit=2&cursor={first['next']}", JUDGE).body
    assert [each["case_id"] for each in [*first["items"], *rest["items"]]] == ids
    elsewhere = api.get("/v1/guidance?limit=2", OTHER_JUDGE).body
    assert (elsewhere["items"], bool(elsewhere["next"])) == ([], True)
    writes(api, ids[0], JUDGE, ADVICE)
    page = api.get(f"/v1/cases/{ids[0]}/guidance?limit=1", JUDGE).body
    after = api.get(f"/v1/cases/{ids[0]}/guidance?limit=1&cursor={page['next']}", JUDGE).body
    assert [each["text"] for each in [*page["items"], *after["items"]]] == [QUESTION, ADVICE]


def test_nothing_of_the_guidance_is_shown_with_the_case(api: Api) -> None:
    """Neither to a party nor to the court, in the case or its events."""
    case_id = in_mediation(api)
    writes(api, case_id, MEDIATOR)
    for reader in (INSTITUTION, borrower(case_id), CENTRE, COURT, JUDGE):
        for path in ("", "/events"):
            answer = api.get(f"/v1/cases/{case_id}{path}", reader)
            assert QUESTION not in json.dumps(answer.body, ensure_ascii=False)
