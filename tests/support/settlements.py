"""Random settlements, including some that the domain's acts could not produce."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

from chalicelib.domain.agreement.draft import Agreement, DefaultClause
from chalicelib.domain.agreement.due_dates import MonthlyDates
from chalicelib.domain.agreement.negotiation import Answer, Negotiation, Reply
from chalicelib.domain.agreement.offer import Offer
from chalicelib.domain.agreement.performance import DefaultDeclared, Reversal
from chalicelib.domain.agreement.plan import Method, Plan, PlanLine
from chalicelib.domain.agreement.schedules import (
    CustomInstalments,
    DatedAmount,
    EqualPayment,
    EqualPrincipal,
    LumpSum,
)
from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement
from chalicelib.domain.agreement.signing import Signature, Signing, SigningRefusal
from chalicelib.domain.events import Channel
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import ConcededLine, Concession
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import Money
from chalicelib.domain.parties import Side
from chalicelib.domain.settlement_outcome import SettlementOutcome

_TEXT: Final = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
_WORDS: Final = _TEXT.filter(lambda text: text.strip() == text)
_DAYS: Final = st.dates(date(2020, 1, 1), date(2035, 12, 31))
_INSTANTS: Final = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds and adds the zone
_AMOUNTS: Final = st.integers(1, 10**13).map(Money)
_PERCENTS: Final = st.sampled_from(["0", "0.00", "3.65", "24", "50.0", "100"]).map(Decimal)
_SHA256: Final = st.text("0123456789abcdef", min_size=64, max_size=64)
_SIDES: Final = st.sampled_from(Side)
_MONTHS: Final = st.builds(
    MonthlyDates,
    year=st.integers(2024, 2030),
    month=st.integers(1, 12),
    day=st.integers(1, 31),
    count=st.integers(2, 60),
)
amounts: Final = st.builds(
    lambda values: Amounts.of(dict(zip(Component, values, strict=True))),
    st.lists(st.integers(0, 10**13).map(Money), min_size=len(Component), max_size=len(Component)),
)


@st.composite
def _custom(draw: st.DrawFn) -> CustomInstalments:
    days = sorted(draw(st.sets(_DAYS, min_size=2, max_size=5)))
    return CustomInstalments(tuple(DatedAmount(day, draw(_AMOUNTS)) for day in days))


schedules: Final = st.one_of(
    st.builds(LumpSum, _DAYS),
    st.builds(EqualPrincipal, dates=_MONTHS, annual_percent=_PERCENTS),
    st.builds(EqualPayment, dates=_MONTHS, annual_percent=_PERCENTS),
    _custom(),
)
_CONCESSIONS: Final = st.builds(
    Concession,
    institution_id=_WORDS,
    version=st.integers(1, 99),
    tier=_WORDS,
    lines=st.lists(
        st.builds(
            lambda component, original, percent: ConcededLine(
                component=component, original=original, percent=percent, waived=Money(original.fen // 2)
            ),
            st.sampled_from(Component),
            _AMOUNTS,
            _PERCENTS,
        ),
        max_size=7,
        unique_by=lambda line: line.component,
    ).map(tuple),
)


@st.composite
def _plans(draw: st.DrawFn) -> Plan:
    days = sorted(draw(st.sets(_DAYS, min_size=1, max_size=6)))
    interest = st.integers(0, 10**9).map(Money)
    lines = (
        PlanLine(number=number, due=due, capital=draw(_AMOUNTS), interest=draw(interest))
        for number, due in enumerate(days, start=1)
    )
    return Plan(method=draw(st.sampled_from(Method)), annual_percent=draw(_PERCENTS), lines=tuple(lines))


_AGREEMENTS: Final = st.builds(
    Agreement,
    outcome=st.sampled_from(SettlementOutcome),
    agreed_on=_DAYS,
    concession=_CONCESSIONS,
    plan=_plans(),
    account_ref=_WORDS,
    default_clause=st.builds(
        DefaultClause, grace_days=st.integers(0, 30), clawback=st.booleans(), acceleration=st.booleans()
    ),
    confirmation_wanted=st.booleans(),
    receipt_ref=st.none() | _WORDS,
)
_PAYMENTS: Final = st.builds(Payment, on=_DAYS, amount=_AMOUNTS, reference=_WORDS)
_ENTRIES: Final = st.one_of(
    _PAYMENTS,
    st.builds(Reversal, reference=_WORDS, on=_DAYS),
    st.builds(DefaultDeclared, line=st.integers(1, 60), on=_DAYS),
)
_SIGNINGS: Final = st.builds(
    Signing,
    document_sha256=_SHA256,
    party_ids=st.frozensets(_WORDS, min_size=1, max_size=4),
    sign_by=st.none() | _DAYS,
    signatures=st.lists(
        st.builds(
            Signature,
            party_id=_WORDS,
            document_sha256=_SHA256,
            at=_INSTANTS,
            channel=st.sampled_from(Channel),
            code_verified=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    refusal=st.none() | st.builds(SigningRefusal, party_id=_WORDS, at=_INSTANTS),
)


@st.composite
def _negotiations(draw: st.DrawFn) -> Negotiation:
    count = draw(st.integers(0, 3))
    offers = tuple(
        Offer(
            number=number,
            side=draw(_SIDES),
            schedule=draw(schedules),
            concession=draw(_CONCESSIONS),
            made_at=draw(_INSTANTS),
            expires_at=draw(_INSTANTS),
        )
        for number in range(1, count + 1)
    )
    answer = st.builds(
        Answer,
        number=st.integers(1, max(count, 1)),
        reply=st.sampled_from(Reply),
        side=_SIDES,
        at=_INSTANTS,
    )
    answers = tuple(draw(st.lists(answer, max_size=count)))
    return Negotiation(owed=draw(amounts), offers=offers, answers=answers)


settlements: Final = st.builds(
    Settlement,
    negotiation=_negotiations(),
    agreement=st.none() | _AGREEMENTS,
    signing=st.none() | _SIGNINGS,
    entries=st.lists(_ENTRIES, max_size=5).map(tuple),
    carried=st.lists(_PAYMENTS, max_size=3).map(tuple),
)
accounts: Final = st.builds(PayeeAccount, holder=_WORDS, number=_WORDS, bank=_WORDS)
