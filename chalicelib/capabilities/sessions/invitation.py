"""The invitation to a session as a calendar takes it (iCalendar: RFC 5545, RFC 5546).

Promise: moving and cancelling update the same event, as its UID stays and its SEQUENCE counts them. It holds
how, when and in which room, and who the centre is: no party, no mediator and no way in, since calendars are
copied to other machines. Downside: organiser and attendee have no address to answer to. Its library is
loaded with this module: import it where an invitation is made.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress

from chalicelib.capabilities.sessions.model import SessionKind, SessionState

if TYPE_CHECKING:
    from chalicelib.capabilities.sessions.model import Session

_ZONE: Final = "Asia/Shanghai"
_PRODUCT: Final = "-//Jiefen Hub//Sessions//ZH"
_NO_ADDRESS: Final = "invalid:nomail"
_HOW: Final = {
    SessionKind.IN_PERSON: "现场调解，请携带身份证件。 In person: bring your identity document.",
    SessionKind.TELEPHONE: "电话调解，号码见本案页面。 By telephone: the number is on your case's page.",
    SessionKind.VIDEO: "视频调解，届时从本案页面进入。 By video: come in from your case's page.",
}


def invitation(session: Session, centre: str, now: datetime) -> bytes:
    """Return the invitation, or the cancellation, of a session to which `centre` invites."""
    cancelled = session.state is SessionState.CANCELLED
    organiser, attendee = vCalAddress(_NO_ADDRESS), vCalAddress(_NO_ADDRESS)
    organiser.params["CN"] = centre
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    zone = ZoneInfo(_ZONE)
    event = Event()
    event.add("UID", session.session_id)
    event.add("SEQUENCE", session.moves)
    event.add("DTSTAMP", now)
    event.add("DTSTART", session.starts_at.astimezone(zone))
    event.add("DTEND", session.ends_at.astimezone(zone))
    event.add("SUMMARY", "调解会 Mediation session")
    event.add("DESCRIPTION", _HOW[session.kind])
    event.add("LOCATION", f"{centre} {session.room}" if session.room else centre)
    event.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("ORGANIZER", organiser, encode=False)
    event.add("ATTENDEE", attendee, encode=False)
    event.add("CLASS", "CONFIDENTIAL")
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", _PRODUCT)
    calendar.add("METHOD", "CANCEL" if cancelled else "REQUEST")
    calendar.add_component(_time_zone())
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _time_zone() -> Timezone:
    """Return the zone with its one rule: China has had no summer time since 1991."""
    offset = timedelta(hours=8)
    standard = TimezoneStandard()
    standard.add("DTSTART", datetime(1991, 9, 15, 1, 0))  # noqa: DTZ001 - local time, as the format has it
    standard.add("TZOFFSETFROM", offset)
    standard.add("TZOFFSETTO", offset)
    standard.add("TZNAME", "CST")
    zone = Timezone()
    zone.add("TZID", _ZONE)
    zone.add_component(standard)
    return zone
