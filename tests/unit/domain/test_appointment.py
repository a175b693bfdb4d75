"""Who is appointed: nobody whom something keeps from the case, the best of the others, and cases evenly."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import hypothesis.strategies as st
import pytest
from hypothesis import given

from chalicelib.domain.appointment import (
    Absence,
    Candidate,
    CaseMoved,
    Credential,
    CredentialKind,
    Needs,
    OrganisationKind,
    Profile,
    Selection,
    moved,
    needs_of,
    obstacle,
    rules_on,
    select,
    starting_count,
)
from chalicelib.domain.claim import CaseType
from chalicelib.domain.pending_act import Disclosure
from chalicelib.domain.stages import Stage
from tests.support.builders import filed

TODAY: Final = date(2026, 6, 1)
LOAN: Final = CaseType.FINANCIAL_LOAN_CONTRACT
NEEDS: Final = Needs(institution_id="bank-1", case_type=LOAN, on=TODAY, area="蕉城", language="宁德话")
DAYS: Final = st.integers(-400, 400).map(lambda days: TODAY + timedelta(days=days))
ABSENCES: Final = st.tuples(DAYS, st.integers(0, 30)).map(
    lambda given: Absence(first=given[0], last=given[0] + timedelta(days=given[1]))
)
PROFILES: Final = st.builds(
    Profile,
    organisation=st.none() | st.sampled_from(OrganisationKind),
    expertise=st.frozensets(st.sampled_from(CaseType)),
    areas=st.frozensets(st.sampled_from(["蕉城", "东侨"])),
    languages=st.frozensets(st.sampled_from(["宁德话", "普通话"])),
    institutions=st.frozensets(st.sampled_from(["bank-1", "bank-2"]), max_size=1),
    limit=st.none() | st.integers(0, 3),
    credentials=st.lists(
        st.builds(Credential, kind=st.sampled_from(CredentialKind), valid_until=DAYS), max_size=4
    ).map(tuple),
    absences=st.lists(ABSENCES, max_size=2).map(tuple),
)


def rosters(most: int = 12) -> st.SearchStrategy[list[Candidate]]:
    people = st.builds(
        Candidate,
        person_id=st.integers(0, 40).map("m-{:02}".format),
        version=st.integers(1, 9),
        active=st.booleans(),
        profile=PROFILES,
        given=st.none() | st.integers(0, 50),
        open=st.integers(0, 4),
    )
    return st.lists(people, max_size=most, unique_by=lambda each: each.person_id)


RECUSED: Final = st.frozensets(st.integers(0, 40).map("m-{:02}".format), max_size=8)


@given(rosters(), DAYS, RECUSED)
def test_no_appointment_breaks_a_ground_an_expiry_or_an_absence(
    roster: list[Candidate], on: date, recused: frozenset[str]
) -> None:
    """Looked at one by one, whatever roster and case; who is not recommended is so for a reason."""
    found = select(roster, replace(NEEDS, on=on, recused=recused))
    people = {each.person_id: each for each in roster}
    for each in found.recommended:
        profile = people[each.person_id].profile
        assert people[each.person_id].active
        assert "bank-1" not in profile.institutions
        assert each.person_id not in recused
        assert not [gone for gone in profile.absences if gone.first <= on <= gone.last]
        kinds = {credential.kind for credential in profile.credentials}
        for kind in kinds:
            assert max(c.valid_until for c in profile.credentials if c.kind is kind) >= on
        assert profile.limit is None or people[each.person_id].open < profile.limit
    assert len(found.recommended) == min(3, len(roster) - len(found.excluded))


@given(rosters(), st.randoms(use_true_random=False))
def test_the_same_roster_gives_the_same_answer_in_any_order(
    roster: list[Candidate], chance: random.Random
) -> None:
    """So what is stored is enough to repeat it."""
    shuffled = roster.copy()
    chance.shuffle(shuffled)
    assert select(shuffled, NEEDS) == select(roster, NEEDS)


@given(rosters())
def test_a_selection_is_repeated_from_what_it_stored(roster: list[Candidate]) -> None:
    """From the considered versions of the entries, and the numbers beside them."""
    found = select(roster, NEEDS)
    entries = {(each.person_id, each.version): each for each in roster}
    again = [
        replace(entries[seen.person_id, seen.version], given=seen.given, open=seen.open)
        for seen in found.considered
    ]
    assert select(again, found.needs) == found


KNOWS: Final = Profile(expertise=frozenset({LOAN}))
NEAR: Final = Profile(areas=frozenset({"蕉城"}))
SPEAKS: Final = Profile(languages=frozenset({"宁德话"}))


def ranked(*candidates: Candidate) -> list[str]:
    return [each.person_id for each in select(candidates, NEEDS).recommended]


def test_expertise_comes_before_the_area_and_the_area_before_the_language() -> None:
    """Only then who was given the fewest cases, and who has the fewest in hand."""
    people = [
        Candidate(person_id="m-1", version=1, profile=SPEAKS, given=0),
        Candidate(person_id="m-2", version=1, profile=NEAR, given=5),
        Candidate(person_id="m-3", version=1, profile=KNOWS, given=9, open=4),
    ]
    assert ranked(*people) == ["m-3", "m-2", "m-1"]
    alike = [
        replace(people[2], person_id="m-4", given=8, open=9),
        replace(people[2], person_id="m-5", open=3),
    ]
    assert ranked(people[2], *alike) == ["m-4", "m-5", "m-3"]


def test_the_criteria_say_why() -> None:
    """With null for what the case does not ask."""
    found = select(
        [Candidate(person_id="m-1", version=1, profile=NEAR, given=4, open=2)], replace(NEEDS, language=None)
    )
    (why,) = found.recommended
    assert (why.expertise, why.area, why.language, why.given, why.open) == (False, True, None, 4, 2)


DAY: Final = timedelta(days=1)
TRAINED: Final = tuple(
    Credential(kind=kind, valid_until=TODAY)
    for kind in (CredentialKind.INDUCTION, CredentialKind.ANNUAL_TRAINING)
)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"active": False}, "suspended"),
        ({"absences": (Absence(first=TODAY, last=TODAY),)}, "absent"),
        ({"absences": (Absence(first=TODAY + DAY, last=TODAY + DAY),)}, None),
        ({"credentials": (Credential(kind=CredentialKind.CERTIFICATE, valid_until=TODAY - DAY),)}, "expired"),
        ({"credentials": (Credential(kind=CredentialKind.CERTIFICATE, valid_until=TODAY),)}, None),
        ({"organisation": OrganisationKind.COURT_INVITED}, "credential_missing"),
        ({"organisation": OrganisationKind.COURT_INVITED, "credentials": TRAINED}, None),
        ({"institutions": frozenset({"bank-1"})}, "institution_link"),
        ({"institutions": frozenset({"bank-2"})}, None),
        ({"limit": 2, "open": 2}, "at_limit"),
        ({"limit": 3, "open": 2}, None),
        ({"limit": 0}, "at_limit"),
    ],
)
def test_each_refusal_is_named(changes: dict[str, object], why: str | None) -> None:
    """One obstacle each; on the last day a certificate is still valid, and a day of absence counts whole."""
    own = {name: changes.pop(name) for name in ("active", "open") if name in changes}
    candidate = Candidate(person_id="m-1", version=1, profile=Profile(**changes), **own)  # type: ignore[arg-type]
    assert obstacle(candidate, NEEDS) == why


def test_a_renewed_certificate_replaces_the_one_that_has_expired() -> None:
    """The later of two of a kind counts."""
    old, new = (
        Credential(kind=CredentialKind.CERTIFICATE, valid_until=TODAY + days * DAY) for days in (-1, 1)
    )
    for both in ((old, new), (new, old)):
        assert obstacle(Candidate(person_id="m", version=1, profile=Profile(credentials=both)), NEEDS) is None


def test_a_commercial_organisation_acts_from_the_day_its_rules_are_in_force() -> None:
    """Decree 789 is in force since 2026-05-01; its mediators then need their organisation's licence."""
    licence = Credential(kind=CredentialKind.ORGANISATION_LICENCE, valid_until=date(2030, 1, 1))
    training = Credential(kind=CredentialKind.ANNUAL_TRAINING, valid_until=date(2030, 1, 1))
    profile = Profile(organisation=OrganisationKind.COMMERCIAL, credentials=(licence, training))
    candidate = Candidate(person_id="m-1", version=1, profile=profile)
    assert obstacle(candidate, replace(NEEDS, on=date(2026, 4, 30))) == "not_admitted"
    assert obstacle(candidate, replace(NEEDS, on=date(2026, 5, 1))) is None
    rules = rules_on(OrganisationKind.COMMERCIAL, TODAY)
    assert rules is not None
    assert rules.basis == "商事调解条例（国务院令第789号）"


def test_a_relation_keeps_a_mediator_from_the_case_until_every_party_has_waived_it() -> None:
    """Linked to the bank, it is only waived as such a link; another relation that all waive opens no link."""
    case = filed("a1", "r1").case
    linked = Candidate(
        person_id="m-1", version=1, profile=Profile(institutions=frozenset({case.institution_id}))
    )
    assert obstacle(linked, needs_of(case, TODAY)) == "institution_link"
    for waived, why in ((frozenset[str](), "recused"), ({"a1"}, "recused"), ({"a1", "r1"}, None)):
        told = Disclosure(mediator_id="m-1", ground="institution_link", waived_by=frozenset(waived))
        assert obstacle(linked, needs_of(replace(case, disclosures=(told,)), TODAY)) == why
        other = replace(told, ground="other_relation")
        needs = needs_of(replace(case, disclosures=(other,)), TODAY)
        assert obstacle(linked, needs) == (why or "institution_link")
        assert obstacle(replace(linked, profile=Profile()), needs) == why
        also = replace(case, disclosures=(told, replace(told, ground="earlier_role", waived_by=frozenset())))
        assert obstacle(linked, needs_of(also, TODAY)) == "recused"


def test_a_relation_is_kept_once() -> None:
    """Said again, it is to be waived again; another ground is another relation."""
    case = filed().case
    once = replace(case, disclosures=case.disclosing("m-1", "near_relative"))
    assert once.disclosing("m-1", "near_relative") == once.disclosures
    assert len(once.disclosing("m-1", "conflict")) == 2
    waived = replace(once.disclosures[0], waived_by=case.party_ids)
    other = replace(waived, ground="conflict")
    assert replace(case, disclosures=(waived, other)).disclosing("m-1", "near_relative") == (
        once.disclosures[0],
        other,
    )
    assert once.disclosing(None, "conflict") == once.disclosures


def simulated(cases: int, chance: random.Random) -> tuple[Counter[str], dict[str, Profile]]:
    """Appoint one case after another, each open for a random time; return how many each was given."""
    kinds = [Profile(expertise=frozenset({each})) for each in CaseType] + [Profile(), NEAR]
    people = {f"m-{number:02}": kinds[number % len(kinds)] for number in range(20)}
    given: dict[str, int] = {}
    ends: list[tuple[int, str]] = []
    for turn in range(cases):
        ends = [each for each in ends if each[0] > turn]
        opened = Counter(person_id for _, person_id in ends)
        roster = [
            Candidate(person_id=each, version=1, profile=profile, given=given.get(each), open=opened[each])
            for each, profile in people.items()
        ]
        needs = replace(
            NEEDS, case_type=chance.choice(list(CaseType)), area=chance.choice([None, "蕉城"]), language=None
        )
        chosen = select(roster, needs).recommended[0].person_id
        given[chosen] = given.get(chosen, starting_count(roster)) + 1
        ends.append((turn + chance.randint(1, 120), chosen))
    return Counter(given), people


def test_over_three_thousand_cases_those_alike_carry_the_same() -> None:
    """The busiest carries at most a tenth more than the mean of those who tie with it."""
    given, people = simulated(3_000, random.Random(7))  # noqa: S311 - a simulation
    for profile in set(people.values()):
        alike = [given[each] for each, own in people.items() if own == profile]
        assert max(alike) <= 1.1 * max(1, sum(alike) / len(alike))


def test_a_newcomer_is_next_and_not_flooded() -> None:
    """Its cases count from one below the least busy, so that it draws level with the next case."""
    old = [Candidate(person_id=f"m-{n}", version=1, given=n, open=0) for n in (40, 41)]
    new = Candidate(person_id="m-9", version=1)
    assert select([*old, new], NEEDS).recommended[0].person_id == "m-9"
    assert starting_count([*old, new]) + 1 == 40


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ((Stage.SCREENED, None), (Stage.ASSIGNED, "m-1"), ("m-1", None, True)),
        ((Stage.ASSIGNED, "m-1"), (Stage.ASSIGNED, "m-2"), ("m-2", "m-1", True)),
        ((Stage.ASSIGNED, "m-1"), (Stage.SCREENED, None), (None, "m-1", False)),
        ((Stage.SETTLED, "m-1"), (Stage.PERFORMING, "m-1"), (None, "m-1", False)),
        ((Stage.PERFORMING, "m-1"), (Stage.IN_MEDIATION, "m-1"), ("m-1", None, False)),
        ((Stage.ASSIGNED, "m-1"), (Stage.IN_MEDIATION, "m-1"), None),
        ((Stage.PERFORMING, "m-1"), (Stage.PERFORMING, "m-2"), None),
    ],
)
def test_a_case_counts_while_it_is_in_a_mediators_hands(
    before: tuple[Stage, str | None],
    after: tuple[Stage, str | None],
    said: tuple[str | None, str | None, bool] | None,
) -> None:
    """From the appointment to the agreement in force; one that comes back is not given again."""
    case = filed().case
    cases = [replace(case, stage=stage, mediator_id=mediator) for stage, mediator in (before, after)]
    found = moved(cases[0], cases[1], limit=4)
    assert (found and (found.taken_by, found.left, found.given)) == said
    assert found is None or found == CaseMoved(
        court_id=case.court_id, taken_by=found.taken_by, left=found.left, given=found.given, limit=4
    )


def test_nobody_is_recommended_from_an_empty_roster() -> None:
    assert select([], NEEDS) == Selection(needs=NEEDS, considered=(), recommended=(), excluded={})
