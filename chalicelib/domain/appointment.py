"""Who may be given a case, and who of them best (指派): eligibility, ranking, and the reasons for both.

Promise: pure, so that the same inputs always give the same answer; `Selection` keeps those inputs, with the
versions of the roster's entries, and `select` repeats it. Whoever is excluded is so for one named obstacle.
Ranked first is who knows the kind of case, then the area, then the language, and of those alike who was given
the fewest cases so far. Downside: a newcomer is asked until it has as many as the others; its limit of open
cases bounds that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.claim import CaseType
from chalicelib.domain.reasons import DisclosureGround
from chalicelib.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.case import Case

RECOMMENDED: Final = 3
"""How many mediators are recommended."""


class Qualification(StrEnum):
    """What a mediator has learned (M13)."""

    LAW = "law"  # 法律
    FINANCE = "finance"  # 金融


class CredentialKind(StrEnum):
    """What is valid until a day (M13)."""

    CERTIFICATE = "certificate"  # 调解员资格证书
    INDUCTION = "induction"  # 岗前培训
    ANNUAL_TRAINING = "annual_training"  # 年度培训
    ORGANISATION_LICENCE = "organisation_licence"  # 所在调解组织的登记证书


class OrganisationKind(StrEnum):
    """For which kind of organisation a mediator works."""

    COURT_INVITED = "court_invited"  # 法院特邀调解
    COMMERCIAL = "commercial"  # 商事调解组织


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRules:
    """What an organisation's mediators need, from a day on; the newest that has begun holds."""

    kind: OrganisationKind
    since: date
    basis: str
    required: frozenset[CredentialKind]


ORGANISATION_RULES: Final = (
    OrganisationRules(
        kind=OrganisationKind.COURT_INVITED,
        since=date(2016, 7, 1),
        basis="法释〔2016〕14号",
        required=frozenset({CredentialKind.INDUCTION, CredentialKind.ANNUAL_TRAINING}),
    ),
    OrganisationRules(
        kind=OrganisationKind.COMMERCIAL,
        since=date(2026, 5, 1),
        basis="商事调解条例（国务院令第789号）",
        required=frozenset({CredentialKind.ORGANISATION_LICENCE, CredentialKind.ANNUAL_TRAINING}),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A certificate or a training, valid until the end of a day."""

    kind: CredentialKind
    valid_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which somebody is away, the first and the last included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What decides which cases a mediator may be given; an entry of an earlier release has none of it.

    `institutions` are those it is linked to (employed, paid or lent by), `limit` the most open cases.
    """

    organisation: OrganisationKind | None = None
    qualifications: frozenset[Qualification] = frozenset()
    expertise: frozenset[CaseType] = frozenset()
    areas: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()
    limit: int | None = None
    credentials: tuple[Credential, ...] = ()
    absences: tuple[Absence, ...] = ()


class Obstacle(StrEnum):
    """Why somebody may not be given a case."""

    UNKNOWN = "unknown"  # 未登记入册
    OTHER_ROLE = "other_role"  # 身份不符
    SUSPENDED = "suspended"  # 已暂停
    ABSENT = "absent"  # 请假
    EXPIRED = "expired"  # 证书或者培训已过期
    CREDENTIAL_MISSING = "credential_missing"  # 缺少应有的证书或者培训
    NOT_ADMITTED = "not_admitted"  # 该类组织尚不得承办
    INSTITUTION_LINK = "institution_link"  # 与申请机构有关联
    RECUSED = "recused"  # 在本案中有应当回避的情形
    AT_LIMIT = "at_limit"  # 在办案件已达上限
    NOBODY = "nobody"  # 名册中没有可以指派的调解员


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a case asks of its mediator on a day; `area` and `language` are None where they do not matter.

    `recused` have a relation to the case, `waived` one that every party has waived; of those, `links_waived`
    are linked to the filing institution.
    """

    institution_id: str
    case_type: CaseType
    on: date
    area: str | None = None
    language: str | None = None
    recused: frozenset[str] = frozenset()
    waived: frozenset[str] = frozenset()
    links_waived: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A mediator of the roster as it stood: which version of the entry, and how many cases.

    `given` counts all cases ever given, None for somebody who was never given one; `open` those in hand.
    """

    person_id: str
    version: int
    active: bool = True
    profile: Profile = field(default_factory=Profile)
    given: int | None = None
    open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Why this mediator: each criterion with its value; None for what the case does not ask."""

    person_id: str
    expertise: bool
    area: bool | None
    language: bool | None
    given: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """Of a mediator who was considered: what is not in that version of its entry."""

    person_id: str
    version: int
    given: int | None
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """An appointment's inputs and its answer: who was considered, who is recommended, best first.

    `excluded` are those who may not be given the case, by obstacle.
    """

    needs: Needs
    considered: tuple[Considered, ...]
    recommended: tuple[Assessment, ...]
    excluded: Mapping[str, Obstacle]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointed:
    """Why a mediator was appointed, stored with the event: `version` is the case's since then."""

    case_id: str
    version: int
    chosen: str
    selection: Selection


def obstacle(candidate: Candidate, needs: Needs) -> Obstacle | None:
    """Return why this mediator may not be given the case; None if it may."""
    profile = candidate.profile
    if not candidate.active:
        return Obstacle.SUSPENDED
    if any(absence.first <= needs.on <= absence.last for absence in profile.absences):
        return Obstacle.ABSENT
    return _unqualified(profile, needs.on) or _partial(candidate, needs) or _full(candidate)


def _unqualified(profile: Profile, on: date) -> Obstacle | None:
    latest: dict[CredentialKind, date] = {}
    for each in profile.credentials:
        latest[each.kind] = max(each.valid_until, latest.get(each.kind, each.valid_until))
    if any(until < on for until in latest.values()):
        return Obstacle.EXPIRED
    if profile.organisation is None:
        return None
    rules = rules_on(profile.organisation, on)
    if rules is None:
        return Obstacle.NOT_ADMITTED
    return None if rules.required <= latest.keys() else Obstacle.CREDENTIAL_MISSING


def needs_of(case: Case, on: date, area: str | None = None, language: str | None = None) -> Needs:
    """Return what a case asks of its mediator on a day."""
    known = frozenset(each.mediator_id for each in case.disclosures)
    recused = frozenset(each for each in known if case.unwaived(each))
    waived = known - recused
    links = (each for each in case.disclosures if each.ground == DisclosureGround.INSTITUTION_LINK)
    return Needs(
        institution_id=case.institution_id,
        case_type=case.case_type,
        on=on,
        area=area,
        language=language,
        recused=recused,
        waived=waived,
        links_waived=waived & {each.mediator_id for each in links},
    )


def rules_on(kind: OrganisationKind, on: date) -> OrganisationRules | None:
    """Return the rules of a kind of organisation on a day; None before it may act."""
    begun = [rules for rules in ORGANISATION_RULES if rules.kind is kind and rules.since <= on]
    return max(begun, key=lambda rules: rules.since, default=None)


def _partial(candidate: Candidate, needs: Needs) -> Obstacle | None:
    if candidate.person_id in needs.recused:
        return Obstacle.RECUSED
    linked = needs.institution_id in candidate.profile.institutions
    linked = linked and candidate.person_id not in needs.links_waived
    return Obstacle.INSTITUTION_LINK if linked else None


def _full(candidate: Candidate) -> Obstacle | None:
    limit = candidate.profile.limit
    return Obstacle.AT_LIMIT if limit is not None and candidate.open >= limit else None


def select(candidates: Sequence[Candidate], needs: Needs) -> Selection:
    """Return who may be given the case, best first, and why not the others."""
    obstacles = {each.person_id: obstacle(each, needs) for each in candidates}
    start = starting_count(candidates)
    eligible = [_assessed(each, needs, start) for each in candidates if obstacles[each.person_id] is None]
    return Selection(
        needs=needs,
        considered=tuple(
            Considered(person_id=each.person_id, version=each.version, given=each.given, open=each.open)
            for each in sorted(candidates, key=lambda each: each.person_id)
        ),
        recommended=tuple(sorted(eligible, key=_order)[:RECOMMENDED]),
        excluded={person_id: why for person_id, why in sorted(obstacles.items()) if why is not None},
    )


def starting_count(candidates: Sequence[Candidate]) -> int:
    """Return from which number a newcomer's cases are counted: one below the least busy, so it is next."""
    counts = [each.given for each in candidates if each.given is not None]
    return max(0, min(counts, default=1) - 1)


def _assessed(candidate: Candidate, needs: Needs, start: int) -> Assessment:
    profile = candidate.profile
    return Assessment(
        person_id=candidate.person_id,
        expertise=needs.case_type in profile.expertise,
        area=None if needs.area is None else needs.area in profile.areas,
        language=None if needs.language is None else needs.language in profile.languages,
        given=start if candidate.given is None else candidate.given,
        open=max(0, candidate.open),
    )


def _order(each: Assessment) -> tuple[bool, bool, bool, int, int, str]:
    return (
        not each.expertise,
        not each.area,
        not each.language,
        each.given,
        each.open,
        each.person_id,
    )


IN_HAND: Final = frozenset({Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED})
"""Stages at which a case counts among its mediator's open ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMoved:
    """A case went into a mediator's hands, out of another's, or both; stored with the case's event.

    With `limit` the transaction is refused if the taker has so many open cases already. `start` is from where
    a newcomer's cases are counted. A case that comes back to its mediator is not `given` again.
    """

    court_id: str
    taken_by: str | None = None
    left: str | None = None
    given: bool = False
    limit: int | None = None
    start: int = 0


def moved(before: Case, after: Case, limit: int | None = None, start: int = 0) -> CaseMoved | None:
    """Return what a change means for the mediators' open cases; None if they stay as they are."""
    had = before.mediator_id if before.stage in IN_HAND else None
    has = after.mediator_id if after.stage in IN_HAND else None
    if had == has:
        return None
    return CaseMoved(
        court_id=after.court_id,
        taken_by=has,
        left=had,
        given=has is not None and has != before.mediator_id,
        limit=limit,
        start=start,
    )
