"""The agreement over HTTP: drawn up, signed by each party itself, or refused; how each refusal is called."""

from typing import Any

import pytest

from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.roles import Actor
from tests.support.courses import act, done, in_mediation
from tests.support.deals import (
    CLAUSE,
    INSTALMENTS_KEPT,
    KEPT,
    PAID_ON_THE_SPOT,
    SETTLEMENT,
    SIDES,
    accepted,
    code_for,
    offer,
    offers,
    passes,
    seen,
    settled,
    settlement_of,
    signature,
    signs,
    two_parts,
    whose,
)
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Answer, Api


@pytest.fixture
def api() -> Api:
    return Api()


def refused(api: Api, case_id: str, resource: str, body: Any, actor: Actor) -> Answer:
    """Do something that is refused, and check that nothing came of it."""
    before = seen(api, case_id)
    answer = act(api, case_id, resource, body, actor)
    assert seen(api, case_id) == before
    return answer


def test_an_agreement_is_drawn_up_and_named_by_its_document(api: Api) -> None:
    """The case names the very document; the settlement shows its terms, the account masked."""
    case_id = accepted(api, two_parts(api))
    case = done(act(api, case_id, "settlement", SETTLEMENT, MEDIATOR))
    assert (case["stage"], case["outcome"], case["signatures"]) == ("settled", "instalments", [])
    (paper,) = api.get(f"/v1/cases/{case_id}/documents").body["items"]
    assert (paper["kind"], paper["sha256"]) == ("mediation_agreement", case["agreement_sha256"])
    shown = settlement_of(api, case_id)
    agreement = shown["agreement"]
    assert agreement["account"] == {**SETTLEMENT["account"], "number": "***************0004"}
    unless_agreed_otherwise = {"tolerance": "1.00", "resumes": False}
    assert agreement["default_clause"] == CLAUSE | unless_agreed_otherwise
    assert agreement["confirmation_wanted"] is True
    assert [line["amount"] for line in agreement["plan"]["lines"]] == ["60000.00", "50459.35"]
    assert shown["signing"] == {
        "document_sha256": case["agreement_sha256"],
        "sign_by": "2026-03-21",
        "signatures": [],
        "awaited": ["a1", "r1"],
        "refused_by": None,
        "in_force_at": None,
    }
    assert shown["performance"] is None


def test_only_the_mediator_draws_it_up_and_only_after_an_acceptance(api: Api) -> None:
    """An open offer is no agreement; the parties, the centre and strangers can't."""
    case_id = in_mediation(api)
    done(offers(api, case_id))
    early = refused(api, case_id, "settlement", SETTLEMENT, MEDIATOR)
    assert (early.status, early.body["rule"]) == (409, "offer_accepted_first")
    for actor in (INSTITUTION, CENTRE, borrower(case_id)):
        assert refused(api, case_id, "settlement", SETTLEMENT, actor).code == "not_permitted"


@pytest.mark.parametrize(
    ("changes", "clause"),
    [
        ({"default_clause": None}, "default_clause_definite"),
        ({"default_clause": CLAUSE | {"grace_days": 31}}, "default_clause_definite"),
    ],
)
def test_unclear_content_is_refused_by_its_clause(api: Api, changes: dict[str, Any], clause: str) -> None:
    """A court could not confirm it (民诉法解释 358)."""
    answer = refused(api, accepted(api), "settlement", SETTLEMENT | changes, MEDIATOR)
    assert (answer.status, answer.code, answer.body["rule"]) == (409, "content_unclear", clause)


def test_whatever_was_offered_a_receipt_says_that_all_was_paid_at_once(api: Api) -> None:
    """Two payments were agreed and one was made: the plan is that one, of what the offer keeps."""
    shown = settlement_of(api, settled(api, two_parts(api), PAID_ON_THE_SPOT))
    assert (shown["agreement"]["outcome"], shown["signing"]["sign_by"]) == ("paid_on_the_spot", None)
    (line,) = shown["agreement"]["plan"]["lines"]
    assert (line["due"], line["amount"]) == ("2026-03-02", INSTALMENTS_KEPT)


def test_each_party_signs_with_its_code_and_the_last_signature_puts_it_in_force(api: Api) -> None:
    """Who, when, how, with a verified code; then the window to confirm is open."""
    case_id = settled(api)
    case = done(signs(api, case_id, "r1"))
    assert (case["stage"], case["signatures"], case["confirmation"]) == ("settled", ["r1"], None)
    case = done(signs(api, case_id, "a1"))
    assert (case["stage"], case["signatures"]) == ("performing", ["a1", "r1"])
    assert (case["confirmation"]["closes_on"], case["confirmation"]["days_left"]) == ("2026-04-01", 30)
    signing = settlement_of(api, case_id)["signing"]
    assert [(each["party_id"], each["code_verified"]) for each in signing["signatures"]] == [
        ("r1", True),
        ("a1", True),
    ]
    assert (signing["awaited"], signing["in_force_at"]) == ([], "2026-03-02T01:30:00+00:00")
    assert settlement_of(api, case_id)["performance"]["remaining"] == KEPT


def test_what_was_paid_on_the_spot_is_paid_when_all_have_signed(api: Api) -> None:
    """Nothing remains, and there is nothing to confirm."""
    case_id = settled(api, terms=PAID_ON_THE_SPOT)
    done(signs(api, case_id, "a1"))
    case = done(signs(api, case_id, "r1"))
    assert (case["stage"], case["confirmation"], case["allowed_actions"]) == ("paid", None, [])
    performance = settlement_of(api, case_id)["performance"]
    assert (performance["paid"], performance["remaining"]) == (KEPT, "0.00")
    assert performance["payments"][0]["reference"] == "RECEIPT-1"


def test_mediator_and_centre_together_record_a_signature_in_person(api: Api) -> None:
    """Before two witnesses; over the network they sign for nobody, for an institution nowhere."""
    case_id = settled(api)
    for actor in (MEDIATOR, CENTRE):
        for party_id, channel in (("r1", "online"), ("a1", "in_person")):
            body = signature(api, case_id, party_id, channel=channel)
            alone = refused(api, case_id, "signatures", body, actor)
            assert (alone.status, alone.body["rule"]) == (409, "own_party")
        done(act(api, case_id, "signatures", signature(api, case_id, "r1", channel="in_person"), actor))
    signatures = settlement_of(api, case_id)["signing"]["signatures"]
    assert {(each["channel"], each["code_verified"]) for each in signatures} == {("in_person", False)}


@pytest.mark.parametrize("party_id", SIDES)
def test_signing_twice_is_refused(api: Api, party_id: str) -> None:
    """Another code is not sent either."""
    case_id = settled(api)
    done(signs(api, case_id, party_id))
    again = signature(api, case_id, party_id, code="123456")
    twice = refused(api, case_id, "signatures", again, whose(case_id, party_id))
    assert (twice.status, twice.code, twice.body["rule"]) == (409, "rule_violated", "signature_is_new")
    url = f"/v1/cases/{case_id}/signing-codes"
    api.hub.clock.advance(minutes=2)
    assert api.post(url, {"party_id": party_id}, whose(case_id, party_id)).body["rule"] == "signature_is_new"


def test_nobody_signs_for_another_party(api: Api) -> None:
    """Nor asks for its code, nor refuses for it; a party nobody knows signs nothing."""
    case_id = settled(api)
    known, unknown = ("own_party", "known_party")
    for party_id, actor, rule in (
        ("r1", INSTITUTION, known),
        ("a1", borrower(case_id), known),
        ("x9", INSTITUTION, unknown),
    ):
        body = signature(api, case_id, party_id, code="123456")
        assert refused(api, case_id, "signatures", body, actor).body["rule"] == rule
        asked = refused(api, case_id, "signing-codes", {"party_id": party_id}, actor)
        assert (asked.status, asked.body["rule"]) == (409, rule)
        body = {"party_id": party_id}
        assert refused(api, case_id, "signing-refusals", body, actor).body["rule"] == rule
    sent = [message.kind for message in api.hub.gateway.sent.values()]
    assert NoticeKind.AGREEMENT_READY in sent
    assert NoticeKind.SIGNING_CODE not in sent


def test_another_document_is_not_what_was_agreed(api: Api) -> None:
    """In person and online; the right code stays good for the very document."""
    case_id = settled(api)
    other = signature(api, case_id, "a1", document_sha256="ab" * 32)
    theirs = other | {"party_id": "r1", "channel": "in_person"}
    in_person = refused(api, case_id, "signatures", theirs, MEDIATOR)
    assert (in_person.status, in_person.code) == (409, "document_differs")
    online = other | {"code": code_for(api, case_id, "a1")}
    assert refused(api, case_id, "signatures", online, INSTITUTION).code == "document_differs"
    done(act(api, case_id, "signatures", signature(api, case_id, "a1", code=online["code"]), INSTITUTION))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_is_demanded_verified_and_used_up(api: Api) -> None:
    """None, a wrong one, one of the other party; after five attempts the right one is worth nothing."""
    case_id = settled(api)
    bare = signature(api, case_id, "r1")
    owner = borrower(case_id)
    for body in (bare, bare | {"code": "123456"}):
        assert refused(api, case_id, "signatures", body, owner).code == "code_not_verified"
    theirs, own = code_for(api, case_id, "a1"), code_for(api, case_id, "r1")
    tries = [theirs if theirs != own else wrong(own), *[wrong(own)] * 4]
    assert {refused(api, case_id, "signatures", bare | {"code": code}, owner).code for code in tries} == {
        "code_not_verified"
    }
    spent = refused(api, case_id, "signatures", bare | {"code": own}, owner)
    assert (spent.status, spent.code) == (409, "codes_exhausted")
    api.hub.clock.advance(minutes=1)
    done(signs(api, case_id, "r1"))


def test_a_code_is_good_for_ten_minutes(api: Api) -> None:
    """To the second."""
    case_id = settled(api)
    body = signature(api, case_id, "a1", code=code_for(api, case_id, "a1"))
    api.hub.clock.advance(minutes=10)
    late = refused(api, case_id, "signatures", body, INSTITUTION)
    assert (late.status, late.code) == (409, "code_expired")
    api.hub.clock.advance(seconds=-1)
    done(act(api, case_id, "signatures", body, INSTITUTION))


def test_codes_are_not_sent_without_end(api: Api) -> None:
    """One a minute, ten a day; the answer says when to come back."""
    case_id = settled(api)
    url = f"/v1/cases/{case_id}/signing-codes"
    code_for(api, case_id, "a1")
    soon = api.post(url, {"party_id": "a1"})
    assert (soon.status, soon.code, soon.headers["Retry-After"]) == (429, "code_requested_too_soon", "60")
    for _ in range(9):
        api.hub.clock.advance(minutes=1)
        code_for(api, case_id, "a1")
    api.hub.clock.advance(minutes=1)
    eleventh = api.post(url, {"party_id": "a1"})
    assert (eleventh.status, int(eleventh.headers["Retry-After"])) == (429, 24 * 3600 - 10 * 60)
    code_for(api, case_id, "r1")


def test_refusing_to_sign_ends_the_mediation(api: Api) -> None:
    """Signatures already given are worth nothing then (OL25); who has signed can't refuse any more."""
    case_id = settled(api)
    done(signs(api, case_id, "a1"))
    signed = refused(api, case_id, "signing-refusals", {"party_id": "a1"}, INSTITUTION)
    assert (signed.status, signed.body["rule"]) == (409, "signature_is_new")
    case = done(act(api, case_id, "signing-refusals", {"party_id": "r1"}, borrower(case_id)))
    assert (case["stage"], case["failure"], case["outcome"]) == ("unresolved", "refuses_to_sign", None)
    late = refused(
        api, case_id, "signatures", signature(api, case_id, "r1", document_sha256="ab" * 32), MEDIATOR
    )
    assert (late.status, late.code) == (409, "action_not_available")


def test_nobody_signs_after_the_first_payment_is_due(api: Api) -> None:
    """A lump sum due in two days is signed within them."""
    body = offer(api, schedule={"kind": "lump_sum", "by": "2026-03-04"}, valid_days=1)
    case_id = settled(api, body)
    passes(api, 3)
    assert api.get(f"/v1/cases/{case_id}").body["stage"] == "settled"
    body = signature(api, case_id, "r1", channel="in_person")
    late = refused(api, case_id, "signatures", body, MEDIATOR)
    assert (late.status, late.code) == (409, "signed_too_late")
