"""Sessions on pages: the mediator's whole day at one, a party's way in, and who sees nothing of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
import vobject

from chalicelib.domain.notices import NoticeKind
from tests.console.test_party_pages import OFFICIALESE
from tests.support.browsing import Browser, Seen, Site
from tests.support.courses import in_mediation
from tests.support.fakes.samples import (
    BORROWER_DETAILS,
    CENTRE,
    COURT,
    INSTITUTION,
    JUDGE,
    MEDIATOR,
    OPS,
    borrower,
)
from tests.support.http import Api

if TYPE_CHECKING:
    from datetime import datetime

TEXT: Final = "双方同意下周再谈。"


class People:
    """Everybody of a case in mediation, in front of its sessions."""

    def __init__(self, language: str = "zh") -> None:
        self.api = Api()
        self.hub = self.api.hub
        self.hub.quiet_hours = None
        self.case_id = in_mediation(self.api)
        self.page = f"cases/{self.case_id}/sessions"
        site = Site(hub=self.hub)
        self.party: Browser = site.browser(borrower(self.case_id), language)
        self.bank = site.browser(INSTITUTION, language)
        self.mediator = site.browser(MEDIATOR, language)
        self.centre = site.browser(CENTRE, language)
        self.others = [site.browser(each, language) for each in (JUDGE, COURT, OPS)]

    def starts(self, days: int = 5, hour: int = 14) -> str:
        """Return a time so many days ahead, as a browser's field sends it."""
        day: datetime = self.hub.clock.now() + timedelta(days=days)
        return f"{day:%Y-%m-%d}T{hour:02}:00"

    def schedules(self, kind: str = "video", **more: str) -> str:
        """Let the mediator schedule a session by its form; return the page of it."""
        typed = {"kind": kind, "starts_at": self.starts(), "minutes:int": "60", **more}
        seen = self.mediator.send(self.mediator.open(self.page), **typed)
        assert seen.status == 200, seen.text
        return f"{self.page}/{self.api.get(f'/v1/{self.page}', MEDIATOR).body['items'][-1]['session_id']}"

    def begins(self) -> None:
        """Wait until a session in five days has begun: at 14:00 in China it is six in UTC."""
        now = self.hub.clock.now()
        begins = (now + timedelta(days=5)).replace(hour=6, minute=0, second=0, microsecond=0)
        self.hub.clock.advance(seconds=(begins - now).total_seconds())

    @property
    def code(self) -> str:
        """The code that the party's phone got last."""
        self.hub.run()
        inbox = self.hub.gateway.inbox(BORROWER_DETAILS.phone)
        return [each.values["code"] for each in inbox if each.kind is NoticeKind.SIGNING_CODE][-1]


def leads(seen: Seen, page: str) -> bool:
    """Tell whether a page leads to another."""
    return f"/console/{page}" in seen.links


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_session_goes_from_its_form_to_its_signed_minutes(language: str) -> None:
    """The mediator schedules, records who came and drafts; the party reads and signs with its code."""
    people = People(language)
    one = people.schedules()
    assert leads(people.party.open(f"cases/{people.case_id}"), one)
    assert not leads(people.party.open(one), f"{one}/joining")
    people.begins()
    assert leads(people.party.open(one), f"{one}/joining")
    mediator = people.mediator
    came = {"attendance.0.came": "online", "attendance.0.identity": "signed_in"}
    came |= {"attendance.1.came": "online", "attendance.1.identity": "asked"}
    assert mediator.send(mediator.open(f"{one}/attendance"), **came).path.partition("?")[0] == one
    assert not leads(people.party.open(one), f"{one}/joining")
    assert TEXT in mediator.send(mediator.open(f"{one}/minutes"), text=TEXT).text
    shown = people.party.open(f"{one}/sign")
    assert TEXT in shown.text
    shown = people.party.send(shown, at=f"{one}/code")
    assert shown.path.partition("?")[0] == f"{one}/sign"
    assert people.party.send(shown, code="12").status == 422
    assert people.party.send(people.party.open(f"{one}/sign"), code=people.code).status == 200
    signing = people.bank.open(f"{one}/sign")
    people.bank.send(signing, party_id="a1")
    signed = people.api.get(f"/v1/{people.page}", MEDIATOR).body["items"][0]["signatures"]
    assert [(each["party_id"], each["counts"]) for each in signed] == [("r1", True), ("a1", True)]
    assert TEXT in people.centre.open(one).text


def test_the_way_in_by_video_leads_outside_and_is_on_no_page() -> None:
    """The token is made when the link is followed."""
    people = People()
    one = people.schedules()
    people.begins()
    page = people.party.open(one)
    assert "meet.test" not in page.text + "".join(page.links)
    went = people.party.open(f"{one}/joining")
    assert went.status == 303
    assert went.headers["Location"].startswith("https://meet.test/")


def test_who_rings_is_told_number_and_code_on_the_page() -> None:
    """From the scheduling on; the centre, which is not invited, is not told."""
    people = People()
    one = people.schedules("telephone")
    assert "+86 10 5555 0100" in people.party.open(one).text
    assert "+86 10 5555 0100" not in people.centre.open(one).text
    assert people.party.open(f"{one}/joining").path.partition("?")[0] == one


def test_the_mediator_moves_and_cancels_and_the_calendar_follows() -> None:
    """A fault stands beside its field, and what was typed stays."""
    people = People()
    one = people.schedules("in_person", room="room-1")
    assert "room-1" in people.party.open(one).text
    moving = people.mediator.open(f"{one}/move")
    typed = {"kind": "video", "starts_at": people.starts(7), "minutes:int": "90"}
    refused = people.mediator.send(moving, **{**typed, "starts_at": "下周三"})
    assert refused.status == 422
    assert "下周三" in refused.html
    assert people.mediator.send(people.mediator.open(f"{one}/move"), **typed).path.partition("?")[0] == one
    people.mediator.send(people.mediator.open(f"{one}/cancel"))
    assert "已取消" in people.party.open(one).text
    file = people.party.open(f"{one}/invitation.ics")
    calendar = vobject.readOne(file.html)
    assert (calendar.method.value, calendar.vevent.sequence.value) == ("CANCEL", "2")
    assert not leads(people.party.open(f"cases/{people.case_id}"), one)


def test_who_did_not_come_is_left_out_and_a_missing_check_stands_beside_its_field() -> None:
    """The second person's fault is shown at the second person, though the first sent nothing."""
    people = People()
    one = people.schedules()
    people.begins()
    empty = {f"attendance.{number}.{name}": "" for number in (0, 1) for name in ("came", "identity")}
    form = people.mediator.open(f"{one}/attendance")
    refused = people.mediator.send(form, **{**empty, "attendance.1.came": "online"})
    assert refused.status == 422
    assert "#f-attendance-1-identity" in refused.links
    chosen = {"attendance.1.came": "online", "attendance.1.identity": "asked"}
    people.mediator.send(people.mediator.open(f"{one}/attendance"), **chosen)
    found = people.api.get(f"/v1/{people.page}", MEDIATOR).body["items"][0]["attendance"]
    assert [each["party_id"] for each in found] == ["r1"]


def test_the_centre_records_a_signature_on_paper_with_another() -> None:
    """It counts only then; the party's trip is told on the list."""
    people = People()
    one = people.schedules("in_person", room="room-1")
    people.begins()
    came = {"attendance.1.came": "in_person", "attendance.1.identity": "document_seen"}
    people.mediator.send(people.mediator.open(f"{one}/attendance"), **came)
    people.mediator.send(people.mediator.open(f"{one}/minutes"), text=TEXT)
    seen = people.mediator.send(people.mediator.open(f"{one}/sign"), party_id="r1")
    assert "等另一人登记" in seen.text
    seen = people.centre.send(people.centre.open(f"{one}/sign"), party_id="r1")
    assert "等另一人登记" not in seen.text
    assert "您一共跑了 1 趟" in people.party.open(people.page).text


def test_a_private_talk_is_on_no_page_of_the_other_side() -> None:
    """Nor are judges, courts and operators led to sessions."""
    people = People()
    one = people.schedules(**{"invited:list": "r1"})
    assert leads(people.party.open(people.page), one)
    assert not leads(people.bank.open(people.page), one)
    for page in (one, f"{one}/sign", f"{one}/joining", f"{one}/invitation.ics"):
        assert people.bank.open(page).status == 404
    for browser in people.others:
        assert not leads(browser.open(f"cases/{people.case_id}"), people.page)
        assert browser.open(people.page).status == 403
    assert people.party.open(f"{one}/move").status == 404
    assert people.mediator.open(f"{one}/nothing").status == 404


def test_a_party_reads_of_its_meeting_in_plain_words() -> None:
    """No word that no farmer says."""
    people = People()
    one = people.schedules()
    seen = [people.party.open(page) for page in (people.page, one)]
    people.begins()
    came = {"attendance.1.came": "online", "attendance.1.identity": "asked"}
    people.mediator.send(people.mediator.open(f"{one}/attendance"), **came)
    people.mediator.send(people.mediator.open(f"{one}/minutes"), text=TEXT)
    seen += [people.party.open(page) for page in (people.page, one, f"{one}/sign")]
    assert {each.status for each in seen} == {200}
    assert [word for each in seen for word in OFFICIALESE if word in each.text] == []
