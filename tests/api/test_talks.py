"""Talks in writing: who reads which message, who is told of it and how often, and that no court gets any."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.roles import Actor, Role
from tests.support.bodies import OTHER_NUMBER, filing
from tests.support.courses import act, done, in_mediation
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api

if TYPE_CHECKING:
    from tests.support.http import Answer

TEXT: Final = "请问可以分十二期还吗？"
PHONE: Final = "13800001234"
CONFIDENTIAL: Final = "机密四七一一"
"""What no court, judge or other side may ever see."""


@pytest.fixture
def api() -> Api:
    """Make a hub of its own; it is day, so that messages are sent at once."""
    api = Api()
    api.hub.quiet_hours = None
    return api


def writes(api: Api, case_id: str, actor: Actor, *, key: str = "", **body: Any) -> Answer:
    """Let somebody write."""
    path = f"/v1/cases/{case_id}/messages"
    key = key or f"{actor.subject}-{case_id}-{len(api.hub.talk.entries(case_id))}"
    answer = api.post(path, {"text": TEXT, **body}, actor, Idempotency_Key=key)
    api.hub.run()
    return answer


def listed(api: Api, case_id: str, reader: Actor) -> list[dict[str, Any]]:
    """Return what somebody is shown."""
    answer = api.get(f"/v1/cases/{case_id}/messages", reader)
    assert answer.status == 200, answer.body
    items: list[dict[str, Any]] = answer.body["items"]
    return items


def texts(api: Api, case_id: str, reader: Actor) -> list[str]:
    """Return the texts that somebody reads."""
    return [each["text"] for each in listed(api, case_id, reader)]


def opens(api: Api, case_id: str, *, opened: bool = True) -> None:
    """Let the mediator open or close the joint thread."""
    answer = api.post(f"/v1/cases/{case_id}/joint-thread", {"open": opened}, MEDIATOR)
    assert (answer.status, answer.body) == (200, {"joint_open": opened})


def marks(api: Api, case_id: str, need: str | None, party_id: str = "r1") -> Answer:
    """Let the centre mark a party."""
    return api.post(f"/v1/cases/{case_id}/party-needs", {"party_id": party_id, "need": need}, CENTRE)


def told(api: Api, phone: str = PHONE) -> int:
    """Return how often a phone was told of a message; nothing but the case's number goes with it."""
    found = [sent for sent in api.hub.gateway.inbox(phone) if sent.kind == "message_written"]
    assert all(sent.values == {} for sent in found)
    return len(found)


def calls(api: Api) -> list[dict[str, Any]]:
    """Return whom the centre has to ring about messages."""
    items = api.get("/v1/calls", CENTRE).body["items"]
    return [each for each in items if each["kind"] == "message_written"]


def two_respondents(api: Api) -> str:
    """File a case against two people and have it taken on; return its id."""
    respondents = filing()["respondents"]
    other = {**respondents[0], "name": "李四测", "id_number": OTHER_NUMBER, "phone": "13800005678"}
    body = {**filing(), "respondents": [*respondents, other]}
    case_id = api.post("/v1/filings", body, INSTITUTION, Idempotency_Key="two").body["case_id"]
    api.hub.run()
    assignment = {"action": "appoint", "mediator_id": MEDIATOR.mediator_id, "judge_id": JUDGE.judge_id}
    done(act(api, case_id, "assignment", assignment, CENTRE))
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    api.hub.run()
    return str(case_id)


def test_a_party_and_the_mediator_write_to_each_other(api: Api) -> None:
    """The centre reads it; the case's version and events stay as they are."""
    case_id = in_mediation(api)
    before = api.get(f"/v1/cases/{case_id}", MEDIATOR).headers["ETag"]
    asked = writes(api, case_id, borrower(case_id))
    assert (asked.status, asked.body["thread"], asked.body["author"]) == (201, "r1", "r1")
    answered = writes(api, case_id, MEDIATOR, thread="r1", text="可以。")
    assert (answered.status, answered.body["author"]) == (201, "mediator")
    for reader in (MEDIATOR, CENTRE, borrower(case_id)):
        assert texts(api, case_id, reader) == [TEXT, "可以。"]
    assert texts(api, case_id, INSTITUTION) == []
    assert api.get(f"/v1/cases/{case_id}", MEDIATOR).headers["ETag"] == before


def test_the_other_side_reads_a_thread_only_if_it_is_joint(api: Api) -> None:
    """The mediator opens the joint thread and closes it; what was written stays readable."""
    case_id = in_mediation(api)
    assert writes(api, case_id, INSTITUTION, thread="joint").body["rule"] == "joint_thread_open"
    opens(api, case_id)
    assert writes(api, case_id, INSTITUTION, thread="joint").status == 201
    assert writes(api, case_id, INSTITUTION, text="只给调解员").body["thread"] == "applicant"
    opens(api, case_id, opened=False)
    assert writes(api, case_id, borrower(case_id), thread="joint").body["rule"] == "joint_thread_open"
    assert texts(api, case_id, borrower(case_id)) == [TEXT]
    assert texts(api, case_id, INSTITUTION) == [TEXT, "只给调解员"]


@pytest.mark.parametrize("thread", ["applicant", "r2", "r9"])
def test_a_party_writes_in_no_other_partys_thread(api: Api, thread: str) -> None:
    """Nor in one that is not there."""
    case_id = two_respondents(api)
    assert writes(api, case_id, borrower(case_id), thread=thread).body["rule"] == "own_thread"
    assert api.hub.talk.entries(case_id) == ()


def test_the_mediator_says_to_whom_it_writes(api: Api) -> None:
    """A message without a thread must not reach the wrong side."""
    case_id = in_mediation(api)
    assert writes(api, case_id, MEDIATOR).body["rule"] == "own_thread"
    assert api.hub.talk.entries(case_id) == ()


@pytest.mark.parametrize("reader", [JUDGE, COURT, OPS], ids=lambda reader: str(reader.role))
def test_who_judges_or_operates_neither_reads_nor_writes(api: Api, reader: Actor) -> None:
    """TY22."""
    case_id = in_mediation(api)
    writes(api, case_id, borrower(case_id))
    assert api.get(f"/v1/cases/{case_id}/messages", reader).body["code"] == "not_permitted"
    assert writes(api, case_id, reader).body["code"] == "not_permitted"


def test_a_mediator_who_was_replaced_reads_nothing_more(api: Api) -> None:
    """Whose case it is no more finds no case."""
    case_id = in_mediation(api)
    writes(api, case_id, borrower(case_id))
    other = replace(MEDIATOR, mediator_id="m-2", subject="m-2")
    assert api.get(f"/v1/cases/{case_id}/messages", other).body["code"] == "case_not_found"


def test_an_agent_writes_and_reads_for_its_party(api: Api) -> None:
    """General authority is enough: it disposes of nothing."""
    case_id = in_mediation(api)
    body = {
        "action": "record",
        "party_id": "r1",
        "name": "王律测",
        "authority": "general",
        "letter_number": "样律委字第8号",
    }
    done(act(api, case_id, "agents", body, borrower(case_id)))
    agent = Actor(role=Role.BORROWER, subject="agent-1", agent_of=frozenset({f"{case_id}:r1:g1"}))
    assert writes(api, case_id, agent).body["author"] == "r1"
    assert texts(api, case_id, agent) == texts(api, case_id, borrower(case_id)) == [TEXT]


def test_each_message_says_who_has_read_it(api: Api) -> None:
    """It is new to a reader once; the author's own is never new to it."""
    case_id = in_mediation(api)
    writes(api, case_id, borrower(case_id))
    (own,) = listed(api, case_id, borrower(case_id))
    assert (own["new"], own["read_by"]) == (False, [])
    (first,) = listed(api, case_id, MEDIATOR)
    (again,) = listed(api, case_id, MEDIATOR)
    assert (first["new"], again["new"]) == (True, False)
    (own,) = listed(api, case_id, borrower(case_id))
    assert own["read_by"] == ["mediator"]


def test_a_mark_tells_nothing_of_what_the_reader_could_not_read(api: Api) -> None:
    """The bank, which has read its own thread since, has not read the borrower's."""
    case_id = in_mediation(api)
    writes(api, case_id, borrower(case_id))
    writes(api, case_id, MEDIATOR, thread="applicant")
    listed(api, case_id, INSTITUTION)
    (own,) = listed(api, case_id, borrower(case_id))
    assert own["read_by"] == []


def test_a_phone_is_told_once_until_its_party_has_read(api: Api) -> None:
    """Not for each message, not of the party's own, and again after it has read."""
    case_id = in_mediation(api)
    for _ in range(3):
        writes(api, case_id, MEDIATOR, thread="r1")
    assert told(api) == 1
    writes(api, case_id, borrower(case_id))
    assert told(api) == 1
    listed(api, case_id, borrower(case_id))
    assert writes(api, case_id, MEDIATOR, thread="r1").status == 201
    assert told(api) == 2
    assert writes(api, case_id, MEDIATOR, thread="applicant").status == 201
    assert told(api) == 2


def test_at_night_a_phone_is_told_in_the_morning() -> None:
    """As by any other notice."""
    api = Api()
    case_id = in_mediation(api)
    api.hub.clock.advance(hours=14)
    writes(api, case_id, MEDIATOR, thread="r1")
    assert told(api) == 0


def test_in_the_joint_thread_all_respondents_but_the_author_are_told(api: Api) -> None:
    """Each by one message to its own phone."""
    case_id = two_respondents(api)
    opens(api, case_id)
    writes(api, case_id, borrower(case_id, "r2"), thread="joint")
    assert (told(api), told(api, "13800005678")) == (1, 0)
    writes(api, case_id, MEDIATOR, thread="joint")
    assert (told(api), told(api, "13800005678")) == (1, 1)


def test_who_cannot_read_is_rung_instead(api: Api) -> None:
    """Once until the centre has rung; then the next message is a call again."""
    case_id = in_mediation(api)
    assert marks(api, case_id, "cannot_read").body == {"needs": [{"party_id": "r1", "need": "cannot_read"}]}
    for _ in range(2):
        writes(api, case_id, MEDIATOR, thread="r1")
    (call,) = calls(api)
    assert (call["case_id"], call["party_id"], told(api)) == (case_id, "r1", 0)
    assert api.post("/v1/calls/ended", {"call_id": call["call_id"]}, CENTRE).status == 200
    api.hub.clock.advance(minutes=1)
    assert calls(api) == []
    writes(api, case_id, MEDIATOR, thread="r1")
    assert len(calls(api)) == 1
    marks(api, case_id, None)
    writes(api, case_id, MEDIATOR, thread="r1")
    assert (len(calls(api)), told(api)) == (1, 1)


def test_who_is_marked_mediator_and_centre_are_shown(api: Api) -> None:
    """The parties are not; the same mark again is no second entry in the log, and nobody else is marked."""
    case_id = in_mediation(api)
    for _ in range(2):
        marks(api, case_id, "dialect")
    assert [entry.data for entry in api.hub.talk.entries(case_id)] == [
        {"done": "need_marked", "party_id": "r1", "need": "dialect"}
    ]
    shown = [
        api.get(f"/v1/cases/{case_id}/messages", reader).body["needs"]
        for reader in (MEDIATOR, CENTRE, INSTITUTION, borrower(case_id))
    ]
    assert shown == [[{"party_id": "r1", "need": "dialect"}]] * 2 + [[]] * 2
    assert marks(api, case_id, "dialect", "a1").body["rule"] == "known_party"


def test_where_one_may_write_is_told(api: Api) -> None:
    """The centre writes nowhere: it does not mediate."""
    case_id = in_mediation(api)
    readers = (MEDIATOR, INSTITUTION, borrower(case_id), CENTRE)

    def open_to() -> list[list[str]]:
        return [api.get(f"/v1/cases/{case_id}/messages", each).body["may_write_in"] for each in readers]

    assert open_to() == [["applicant", "r1"], ["applicant"], ["r1"], []]
    opens(api, case_id)
    assert open_to() == [["applicant", "r1", "joint"], ["applicant", "joint"], ["r1", "joint"], []]


def test_a_repeated_key_writes_once(api: Api) -> None:
    """The same body gets the same message, also after the thread was closed; another body is refused."""
    case_id = in_mediation(api)
    opens(api, case_id)
    first = writes(api, case_id, INSTITUTION, key="k", thread="joint")
    opens(api, case_id, opened=False)
    again = writes(api, case_id, INSTITUTION, key="k", thread="joint")
    assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
    other = writes(api, case_id, INSTITUTION, key="k", text="别的")
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    assert texts(api, case_id, MEDIATOR) == [TEXT]


@pytest.mark.parametrize("text", ["", "字" * 2001], ids=["empty", "too long"])
def test_a_message_has_a_text_of_at_most_2000_characters(api: Api, text: str) -> None:
    """The fault names the field."""
    case_id = in_mediation(api)
    answer = writes(api, case_id, MEDIATOR, thread="r1", text=text)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/text")


def test_messages_come_in_pages(api: Api) -> None:
    """A page that holds nothing for this reader is empty and leads on."""
    case_id = in_mediation(api)
    for number, thread in enumerate(["applicant", "applicant", "r1"]):
        writes(api, case_id, MEDIATOR, thread=thread, text=f"第{number}条")
    first = api.get(f"/v1/cases/{case_id}/messages?limit=2", borrower(case_id)).body
    assert (first["items"], bool(first["next"])) == ([], True)
    rest = api.get(f"/v1/cases/{case_id}/messages?limit=2&cursor={first['next']}", borrower(case_id)).body
    assert ([each["text"] for each in rest["items"]], rest["next"]) == (["第2条"], None)


_WRITERS: Final = ("institution", "r1", "r2", "mediator")
_MESSAGES: Final = st.lists(
    st.tuples(st.sampled_from(_WRITERS), st.sampled_from(["", "applicant", "r1", "r2", "joint"])),
    min_size=3,
    max_size=6,
)


@settings(max_examples=40)
@given(said=_MESSAGES, opened=st.booleans())
def test_no_message_reaches_another_side_or_a_court(said: list[tuple[str, str]], *, opened: bool) -> None:
    """Over random messages: each reads its own thread and the joint one, court and judge nothing."""
    api = Api()
    case_id = two_respondents(api)
    people = {
        "institution": INSTITUTION,
        "mediator": MEDIATOR,
        "r1": borrower(case_id),
        "r2": borrower(case_id, "r2"),
    }
    opens(api, case_id, opened=opened)
    written: list[tuple[str, str]] = []
    for number, (who, thread) in enumerate(said):
        body = {"thread": thread} if thread else {}
        text = f"{CONFIDENTIAL}{number}"
        answer = writes(api, case_id, people[who], text=text, **body)
        own = {"institution": "applicant"}.get(who, who)
        named = thread or ("" if who == "mediator" else own)
        may = named in ({"applicant", "r1", "r2"} if who == "mediator" else {own})
        assert (answer.status == 201) is (may or (named == "joint" and opened))
        if answer.status == 201:
            written.append((answer.body["thread"], text))
    for name, own in (("institution", "applicant"), ("r1", "r1"), ("r2", "r2")):
        assert texts(api, case_id, people[name]) == [
            text for thread, text in written if thread in {own, "joint"}
        ]
    assert texts(api, case_id, MEDIATOR) == [text for _, text in written]
    assert opened or "joint" not in {thread for thread, _ in written}
    done(act(api, case_id, "consents", {"party_id": "r1", "given": False}, borrower(case_id)))
    done(act(api, case_id, "transfer", {"insists": True}))
    api.hub.run()
    (submission,) = api.hub.court.submissions.values()
    dossier = [
        api.hub.dossier_store.get(submission.transfer_id, each["document_id"])
        for each in submission.body["manifest"]
    ]
    assert all(CONFIDENTIAL not in content.decode(errors="ignore") for content in dossier)
    for reader in (JUDGE, COURT):
        shown = [api.get(f"/v1/cases/{case_id}{path}", reader) for path in ("", "/events", "/messages")]
        assert all(CONFIDENTIAL not in json.dumps(each.body, ensure_ascii=False) for each in shown)
