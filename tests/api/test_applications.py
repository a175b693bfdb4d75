"""A borrower's own application over the API: from a phone without an account to the filing that joins it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.capabilities.institutions.model import Contact
from chalicelib.capabilities.institutions.service import Institutions
from chalicelib.use_cases.reconcile import reconcile
from tests.support.bodies import NAME, OTHER_NUMBER, PERSON_NUMBER, PHONE, filing
from tests.support.fakes import COURT_ID
from tests.support.fakes.institutions import suspended
from tests.support.fakes.samples import CENTRE, INSTITUTION, JUDGE, MEDIATOR, OPS
from tests.support.http import Api

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from tests.support.http import Answer

OTHER_BANK: Final = replace(INSTITUTION, institution_id="bank-2", subject="clerk-2")
OTHER_CENTRE: Final = replace(CENTRE, court_id="court-other", subject="centre-other")
CONTACT: Final = "13900005678"
TOLD: Final[dict[str, Any]] = {
    "name": NAME,
    "id_number": PERSON_NUMBER,
    "lender": "海滨测试银行",
    "amount": "80000.00",
    "asks": ["instalments", "less_interest"],
    "monthly": "1500.00",
    "hardship": "harvest",
    "reason": "今年遭了灾，希望分期还。",
}


@pytest.fixture
def api() -> Api:
    """Make a hub of its own; it is day, and the bank has named whom to tell."""
    api = Api()
    api.hub.quiet_hours = None
    institutions = api.hub.part(Institutions)
    (first,) = institutions.versions("bank-1")
    private = replace(first.private, contacts=(Contact(name="李经理", phone=CONTACT),))
    assert institutions.store(replace(first, private=private, version=2))
    return api


def code_to(api: Api, phone: str = PHONE) -> str:
    """Ask for a code and read it on the phone."""
    answer = api.post("/v1/application-codes", {"phone": phone}, None)
    assert (answer.status, answer.body) == (202, {"valid_seconds": 600})
    api.hub.run()
    return api.hub.gateway.inbox(phone)[-1].values["code"]


def visit(api: Api, phone: str = PHONE) -> str:
    """Exchange a code for a pass."""
    answer = api.post("/v1/application-visits", {"phone": phone, "code": code_to(api, phone)}, None)
    assert answer.status == 201, answer.raw
    token: str = answer.body["visit_token"]
    api.hub.clock.advance(minutes=1)
    return token


def submit(api: Api, token: str, key: str = "k-1", **changes: Any) -> Answer:
    """Apply."""
    body = {"visit_token": token, "court_id": COURT_ID, **TOLD, **changes}
    return api.post("/v1/applications", body, None, Idempotency_Key=key)


def submitted(api: Api, phone: str = PHONE, **changes: Any) -> str:
    """Apply from a phone; return the application's id."""
    answer = submit(api, visit(api, phone), **changes)
    assert answer.status == 201, answer.raw
    api.hub.run()
    application_id: str = answer.body["application_id"]
    return application_id


def take_up(api: Api, application_id: str, institution_id: str = "bank-1", version: int = 1) -> Answer:
    """Ask an institution."""
    path = f"/v1/applications/{application_id}/taking-up"
    answer = api.post(path, {"institution_id": institution_id}, CENTRE, If_Match=f'"{version}"')
    api.hub.run()
    return answer


def file_for(
    api: Api, application_id: str, actor: Actor = INSTITUTION, key: str = "f-1", **changes: Any
) -> Answer:
    """File what answers an application."""
    body = filing(**changes) | {"application_id": application_id}
    answer = api.post("/v1/filings", body, actor, Idempotency_Key=key)
    api.hub.run()
    return answer


def asked(api: Api, **changes: Any) -> str:
    """Apply, and have the bank asked."""
    application_id = submitted(api, **changes)
    assert take_up(api, application_id).status == 200
    return application_id


def shown(api: Api, application_id: str, actor: Actor = CENTRE) -> dict[str, Any]:
    """Read an application."""
    answer = api.get(f"/v1/applications/{application_id}", actor)
    assert answer.status == 200, answer.raw
    body: dict[str, Any] = answer.body
    return body


def listed(api: Api, actor: Actor, shelf: str = "open") -> list[tuple[str, str]]:
    """List applications with their states."""
    answer = api.get(f"/v1/applications?shelf={shelf}", actor)
    assert answer.status == 200, answer.raw
    return [(each["application_id"], each["state"]) for each in answer.body["items"]]


def kinds(api: Api, phone: str) -> list[str]:
    """Return what a phone was told, without codes."""
    return [str(each.kind) for each in api.hub.gateway.inbox(phone) if each.kind != "application_code"]


def pass_days(api: Api, days: int) -> None:
    """Let days pass; the reconciler looks after what is due each day."""
    for _ in range(days):
        api.hub.clock.advance(days=1)
        reconcile(api.hub)
        api.hub.run()


def test_m1_a_borrower_applies_the_centre_takes_it_up_and_the_bank_files_what_joins_it(api: Api) -> None:
    """M1, M6: the case says how it came, and each is told on the way."""
    application_id = submitted(api)
    assert listed(api, CENTRE) == [(application_id, "received")]
    assert listed(api, INSTITUTION) == []
    taken = take_up(api, application_id)
    assert (taken.status, taken.body["state"], taken.body["answer_by"]) == (200, "asked", "2026-03-16")
    assert listed(api, INSTITUTION) == [(application_id, "asked")]
    filed = file_for(api, application_id)
    assert filed.status == 201, filed.raw
    case = api.get(f"/v1/cases/{filed.body['case_id']}", CENTRE).body
    assert case["way_in"] == "own_application"
    joined = shown(api, application_id)
    assert (joined["state"], joined["joined_by"]) == ("joined", filed.body["case_id"])
    assert listed(api, INSTITUTION) == listed(api, CENTRE) == []
    assert listed(api, CENTRE, "ended") == [(application_id, "joined")]
    assert kinds(api, PHONE)[:3] == ["application_received", "application_taken_up", "application_joined"]
    assert kinds(api, CONTACT) == ["application_asked"]
    first = api.get(f"/v1/cases/{filed.body['case_id']}/events", CENTRE).body["items"][0]
    assert (first["facts"]["way_in"], first["facts"]["application_id"]) == ("own_application", application_id)


def test_silence_is_reported_and_a_late_filing_still_joins(api: Api) -> None:
    """M6: the bank is reminded once; when its limit has passed, everybody hears and it is counted."""
    application_id = asked(api)
    pass_days(api, 13)
    assert shown(api, application_id)["state"] == "asked"
    assert kinds(api, CONTACT) == ["application_asked", "application_reminded"]
    pass_days(api, 2)
    assert shown(api, application_id)["state"] == "unanswered"
    assert kinds(api, CONTACT)[2:] == ["application_overdue"]
    assert kinds(api, PHONE)[2:] == ["application_unanswered"]
    assert listed(api, CENTRE) == listed(api, INSTITUTION) == [(application_id, "unanswered")]
    pass_days(api, 5)
    assert file_for(api, application_id).status == 201
    assert shown(api, application_id)["state"] == "joined"
    counted = api.get("/v1/application-figures?month=2026-03", CENTRE).body
    assert counted == {
        "month": "2026-03",
        "received": 1,
        "taken_up": 1,
        "declined": 0,
        "withdrawn": 0,
        "joined": 1,
        "joined_late": 1,
        "unanswered": 1,
    }


def test_the_centre_declines_with_a_reason_that_the_applicant_reads(api: Api) -> None:
    """By code and in words; the message says only that there is a decision."""
    application_id = submitted(api)
    body = {"ground": "not_enrolled", "because": "该机构尚未与中心合作，请直接与其协商。"}
    path = f"/v1/applications/{application_id}/declining"
    answer = api.post(path, body, CENTRE, If_Match='"1"')
    assert (answer.status, answer.body["state"]) == (200, "declined")
    again = api.post(path, body, CENTRE, If_Match='"1"')
    assert (again.status, again.body["version"]) == (200, 2)
    (own,) = api.post("/v1/own-applications", {"visit_token": visit(api)}, None).body["items"]
    assert (own["ground"], own["declined_because"]) == (body["ground"], body["because"])
    assert kinds(api, PHONE) == ["application_received", "application_declined"]
    assert take_up(api, application_id, version=2).body["rule"] == "application_to_decide"


def test_an_applicant_sees_what_came_from_its_phone_and_takes_it_back(api: Api) -> None:
    """Twice does no harm; the bank that was asked sees it no more, and no filing joins it."""
    application_id = asked(api)
    token = visit(api)
    (own,) = api.post("/v1/own-applications", {"visit_token": token}, None).body["items"]
    assert (own["application_id"], own["told"]["name"], own["told"]["id_number"]) == (
        application_id,
        NAME,
        PERSON_NUMBER,
    )
    body = {"visit_token": token, "application_id": application_id}
    for _ in range(2):
        gone = api.post("/v1/own-applications/withdrawal", body, None)
        assert (gone.status, gone.body["state"]) == (200, "withdrawn")
    assert api.get(f"/v1/applications/{application_id}", INSTITUTION).status == 404
    assert file_for(api, application_id).body["rule"] == "application_to_answer"
    assert listed(api, INSTITUTION) == []
    pass_days(api, 20)
    assert shown(api, application_id)["state"] == "withdrawn"


def test_another_phone_sees_and_withdraws_nothing(api: Api) -> None:
    """What is another's looks like nothing."""
    application_id = submitted(api)
    token = visit(api, "13800009999")
    assert api.post("/v1/own-applications", {"visit_token": token}, None).body == {"items": []}
    body = {"visit_token": token, "application_id": application_id}
    refused = api.post("/v1/own-applications/withdrawal", body, None)
    unknown = api.post("/v1/own-applications/withdrawal", body | {"application_id": "none"}, None)
    assert (refused.status, refused.code) == (unknown.status, unknown.code) == (404, "application_not_found")


def test_the_counter_enters_an_application_for_who_has_no_phone_at_hand(api: Api) -> None:
    """The channel says so; a landline is not sent a code, and nothing stops it here."""
    body = {**TOLD, "phone": "0593-2881234"}
    answer = api.post("/v1/counter-applications", body, CENTRE, Idempotency_Key="c-1")
    assert (answer.status, answer.body["channel"]) == (201, "in_person")
    assert answer.body["told"]["name"] == "张*"
    again = api.post("/v1/counter-applications", body, CENTRE, Idempotency_Key="c-1")
    assert again.body["application_id"] == answer.body["application_id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    gone = api.post(f"/v1/applications/{answer.body['application_id']}/withdrawal", {}, CENTRE)
    assert (gone.status, gone.body["state"]) == (200, "withdrawn")


def test_no_other_bank_and_no_other_court_sees_an_application(api: Api) -> None:
    """Nor is it joined by their filings: another's looks like none."""
    application_id = asked(api)
    for stranger in (OTHER_BANK, OTHER_CENTRE):
        assert listed(api, stranger) == []
        for answer in (
            api.get(f"/v1/applications/{application_id}", stranger),
            api.post(f"/v1/applications/{application_id}/looks", {"purpose": "verify_identity"}, stranger),
        ):
            assert (answer.status, answer.code) == (404, "application_not_found")
    refused = file_for(api, application_id, OTHER_BANK)
    unknown = file_for(api, "none", OTHER_BANK)
    assert (refused.status, refused.code) == (unknown.status, unknown.code) == (404, "application_not_found")
    assert shown(api, application_id)["state"] == "asked"
    for stranger in (MEDIATOR, JUDGE, OPS):
        assert api.get("/v1/applications", stranger).status == 403


def test_a_filing_joins_only_the_applicants_own_application(api: Api) -> None:
    """By the number of its paper, which another respondent does not have."""
    application_id = asked(api)
    wrong = file_for(api, application_id, respondents__0__id_number=OTHER_NUMBER)
    assert (wrong.status, wrong.body["rule"]) == (409, "application_of_a_respondent")
    assert shown(api, application_id)["state"] == "asked"


def test_the_same_filing_again_is_answered_and_another_is_refused(api: Api) -> None:
    """An application is answered once."""
    application_id = asked(api)
    first = file_for(api, application_id)
    again = file_for(api, application_id)
    assert (again.status, again.body["case_id"]) == (201, first.body["case_id"])
    assert again.headers["Idempotent-Replayed"] == "true"
    other = file_for(api, application_id, key="f-2", contract_number="JC-OTHER")
    assert (other.status, other.body["rule"]) == (409, "application_to_answer")
    assert shown(api, application_id)["joined_by"] == first.body["case_id"]


def test_nothing_joins_before_the_bank_was_asked(api: Api) -> None:
    """An application that was only received belongs to no institution."""
    assert file_for(api, submitted(api)).code == "application_not_found"


@pytest.mark.parametrize("institution_id", ["bank-unknown", "bank-3"])
def test_only_an_enrolled_institution_is_asked(api: Api, institution_id: str) -> None:
    """A suspended one could not answer."""
    institutions = api.hub.part(Institutions)
    (third,) = institutions.versions("bank-3")
    assert institutions.store(suspended(third))
    refused = take_up(api, submitted(api), institution_id)
    expected = {"bank-unknown": "institution_not_enrolled", "bank-3": "institution_suspended"}
    assert (refused.status, refused.code) == (409, expected[institution_id])


def test_taking_up_names_the_version_that_was_read(api: Api) -> None:
    """The same decision again changes nothing; another one meanwhile is seen."""
    application_id = submitted(api)
    assert take_up(api, application_id, version=7).code == "stale_version"
    assert take_up(api, application_id).body["version"] == 2
    assert take_up(api, application_id).body["version"] == 2
    assert take_up(api, application_id, "bank-2", version=2).body["rule"] == "application_to_decide"
    assert kinds(api, CONTACT) == ["application_asked"]


def test_a_code_opens_once_and_a_pass_lasts_half_an_hour(api: Api) -> None:
    """Whatever is wrong with a code, the refusal is one."""
    digits = code_to(api)
    wrong = {"phone": PHONE, "code": f"{(int(digits) + 1) % 10**6:06}"}
    never = {"phone": "13800007777", "code": digits}
    refusals = [api.post("/v1/application-visits", body, None) for body in (wrong, never)]
    right = api.post("/v1/application-visits", {"phone": PHONE, "code": digits}, None)
    assert right.status == 201
    refusals.append(api.post("/v1/application-visits", {"phone": PHONE, "code": digits}, None))
    assert {(each.status, each.code) for each in refusals} == {(409, "code_not_verified")}
    assert len({str(each.body | {"request_id": ""}) for each in refusals}) == 1
    token = right.body["visit_token"]
    api.hub.clock.advance(minutes=29)
    assert api.post("/v1/own-applications", {"visit_token": token}, None).status == 200
    api.hub.clock.advance(minutes=1)
    over = submit(api, token)
    assert (over.status, over.code) == (403, "pass_not_accepted")


def test_asking_for_codes_tells_nothing_and_has_its_limits(api: Api) -> None:
    """A second code within the minute is not sent, and not refused; one connection gets sixty an hour."""
    for _ in range(2):
        assert api.post("/v1/application-codes", {"phone": PHONE}, None).status == 202
    api.hub.run()
    assert len(api.hub.gateway.inbox(PHONE)) == 1
    landline = api.post("/v1/application-codes", {"phone": "0593-2881234"}, None)
    assert (landline.status, landline.code) == (409, "phone_takes_no_codes")
    for number in range(58):
        phone = {"phone": f"139000010{number:02}"}
        assert api.post("/v1/application-codes", phone, None).status == 202
    refused = api.post("/v1/application-codes", {"phone": "13900002000"}, None)
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (429, "too_many_codes", "600")
    api.hub.clock.advance(hours=1)
    assert api.post("/v1/application-codes", {"phone": "13900002000"}, None).status == 202


def test_three_applications_of_a_phone_are_open_at_most(api: Api) -> None:
    """What was stored under a key is answered all the same."""
    token = visit(api)
    first = [submit(api, token, f"k-{number}", lender=f"第{number}银行") for number in range(3)]
    assert [each.status for each in first] == [201, 201, 201]
    assert [each.body["number"] for each in first] == ["2026-000001", "2026-000002", "2026-000003"]
    assert submit(api, token, "k-4").body["rule"] == "room_for_an_application"
    again = submit(api, token, "k-0", lender="第0银行")
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert submit(api, token, "k-0").code == "idempotency_key_reused"


def test_an_application_for_an_unknown_institution_looks_like_any_other(api: Api) -> None:
    """Nobody learns which institutions are known, or who is their customer."""
    token = visit(api)
    known = submit(api, token, "k-1")
    unknown = submit(api, token, "k-2", lender="不存在的公司")
    assert known.body.keys() == unknown.body.keys()
    assert (known.status, known.body["state"]) == (unknown.status, unknown.body["state"])


def test_every_fault_of_an_application_is_told_at_its_field(api: Api) -> None:
    """All at once, and nothing is stored."""
    token = visit(api)
    refused = submit(
        api,
        token,
        name="",
        id_number="110105194912310021",
        amount="1",
        asks=[],
        court_id="court-none",
        extra=1,
    )
    assert refused.status == 422
    assert refused.faults == {
        "/name": "too_short",
        "/id_number": "id_number_checksum",
        "/amount": "amount_format",
        "/asks": "too_few",
        "/court_id": "unknown_court",
        "/extra": "unknown_field",
    }
    too_long = submit(api, token, reason="长" * 9000)
    assert (too_long.status, too_long.code) == (413, "request_too_large")
    assert listed(api, CENTRE) == []


def test_whoever_sees_an_applicant_whole_is_on_record(api: Api) -> None:
    """The centre and the bank see masked values until they say what for."""
    application_id = asked(api)
    for reader in (CENTRE, INSTITUTION):
        told = shown(api, application_id, reader)["told"]
        assert (told["name"], told["id_number"], told["phone"]) == (
            "张*",
            "110105********002X",
            "138****1234",
        )
        path = f"/v1/applications/{application_id}/looks"
        whole = api.post(path, {"purpose": "verify_identity"}, reader)
        assert (whole.status, whole.body["told"]["id_number"]) == (200, PERSON_NUMBER)
    looks = [entry for entry in api.hub.talk.entries(application_id) if entry.kind == "look"]
    assert [entry.role for entry in looks] == ["centre", "institution"]


def test_the_bank_reads_what_itself_was_told_only(api: Api) -> None:
    """What the applicant is told is the centre's to see, which rings whom no message reached."""
    application_id = asked(api)
    every = shown(api, application_id)["messages"]
    assert {(each["kind"], each["to"], each["state"]) for each in every} == {
        ("application_received", "applicant", "sent"),
        ("application_asked", "institution", "sent"),
        ("application_taken_up", "applicant", "sent"),
    }
    assert {each["to"] for each in shown(api, application_id, INSTITUTION)["messages"]} == {"institution"}


def test_a_list_continues_where_its_page_ended(api: Api) -> None:
    """Each application once, the oldest first."""
    ids = [submitted(api, f"1380000{number:04}") for number in range(5)]
    found, url = [], "/v1/applications?limit=2"
    while url:
        page = api.get(url, CENTRE).body
        found += [each["application_id"] for each in page["items"]]
        url = f"/v1/applications?limit=2&cursor={page['next']}" if page["next"] else ""
    assert found == ids


def test_no_personal_data_leaves_but_in_answers(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Not in logs, queues or the log of the application; the code goes to the phone and nowhere else."""
    application_id = submitted(api)
    path = f"/v1/applications/{application_id}/taking-up"
    api.post(path, {"institution_id": "bank-1"}, CENTRE, If_Match='"1"')
    messages = [str(message) for message in api.hub.memory.stream]
    assert messages
    api.hub.run()
    file_for(api, application_id)
    entries = [str(entry) for entry in api.hub.talk.entries(application_id)]
    secrets = (NAME, PERSON_NUMBER, PHONE, TOLD["reason"], TOLD["lender"])
    for text in (*entries, *messages, caplog.text, *(str(record.__dict__) for record in caplog.records)):
        assert not any(secret in text for secret in secrets)
