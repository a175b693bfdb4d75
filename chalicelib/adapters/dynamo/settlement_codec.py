"""A settlement as JSON and back, exactly: amounts in fen, percentages as decimals in text.

Promise: decoding what was encoded gives an equal value, for every settlement there can be (property-tested);
a kind of schedule or entry that is new in the domain fails here before it is lost in the table.
Downside: a new field is written down here as well.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.dynamo import schedule_codec
from chalicelib.domain.agreement.draft import Agreement, DefaultClause
from chalicelib.domain.agreement.negotiation import Answer, Negotiation, Reply
from chalicelib.domain.agreement.offer import Offer
from chalicelib.domain.agreement.performance import DefaultDeclared, Reversal
from chalicelib.domain.agreement.plan import Method, Plan, PlanLine
from chalicelib.domain.agreement.settlement import Settlement
from chalicelib.domain.agreement.signing import Signature, Signing, SigningRefusal
from chalicelib.domain.events import Channel
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import ConcededLine, Concession
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import Money
from chalicelib.domain.parties import Side
from chalicelib.domain.settlement_outcome import SettlementOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.agreement.performance import Entry

_Json = dict[str, Any]
_PAYMENT: Final = "payment"
_REVERSAL: Final = "reversal"
_DEFAULT: Final = "default"


def encode(settlement: Settlement) -> _Json:
    """Write a settlement."""
    return {
        "owed": _amounts(settlement.negotiation.owed),
        "offers": [_offer(offer) for offer in settlement.negotiation.offers],
        "answers": [_answer(answer) for answer in settlement.negotiation.answers],
        "agreement": _agreement(settlement.agreement) if settlement.agreement else None,
        "signing": _signing(settlement.signing) if settlement.signing else None,
        "entries": [_entry(entry) for entry in settlement.entries],
        "carried": [_entry(payment) for payment in settlement.carried],
    }


def decode(stored: Mapping[str, Any]) -> Settlement:
    """Read a settlement."""
    return Settlement(
        negotiation=Negotiation(
            owed=_read_amounts(stored["owed"]),
            offers=tuple(_read_offer(offer) for offer in stored["offers"]),
            answers=tuple(_read_answer(answer) for answer in stored["answers"]),
        ),
        agreement=_read_agreement(stored["agreement"]) if stored["agreement"] else None,
        signing=_read_signing(stored["signing"]) if stored["signing"] else None,
        entries=tuple(_read_entry(entry) for entry in stored["entries"]),
        carried=tuple(_read_payment(payment) for payment in stored["carried"]),
    )


def _amounts(amounts: Amounts) -> _Json:
    return {component.value: amounts[component].fen for component in Component}


def _read_amounts(stored: Mapping[str, int]) -> Amounts:
    return Amounts.of({Component(name): Money(fen) for name, fen in stored.items()})


def _concession(concession: Concession) -> _Json:
    return {
        "institution_id": concession.institution_id,
        "version": concession.version,
        "tier": concession.tier,
        "lines": [
            {
                "component": line.component,
                "original": line.original.fen,
                "percent": str(line.percent),
                "waived": line.waived.fen,
            }
            for line in concession.lines
        ],
    }


def _read_concession(stored: Mapping[str, Any]) -> Concession:
    return Concession(
        institution_id=stored["institution_id"],
        version=stored["version"],
        tier=stored["tier"],
        lines=tuple(
            ConcededLine(
                component=Component(line["component"]),
                original=Money(line["original"]),
                percent=Decimal(line["percent"]),
                waived=Money(line["waived"]),
            )
            for line in stored["lines"]
        ),
    )


def _offer(offer: Offer) -> _Json:
    return {
        "number": offer.number,
        "side": offer.side,
        "schedule": schedule_codec.encode(offer.schedule),
        "concession": _concession(offer.concession),
        "made_at": offer.made_at.isoformat(),
        "expires_at": offer.expires_at.isoformat(),
    }


def _read_offer(stored: Mapping[str, Any]) -> Offer:
    return Offer(
        number=stored["number"],
        side=Side(stored["side"]),
        schedule=schedule_codec.decode(stored["schedule"]),
        concession=_read_concession(stored["concession"]),
        made_at=datetime.fromisoformat(stored["made_at"]),
        expires_at=datetime.fromisoformat(stored["expires_at"]),
    )


def _answer(answer: Answer) -> _Json:
    return {
        "number": answer.number,
        "reply": answer.reply,
        "side": answer.side,
        "at": answer.at.isoformat(),
    }


def _read_answer(stored: Mapping[str, Any]) -> Answer:
    return Answer(
        number=stored["number"],
        reply=Reply(stored["reply"]),
        side=Side(stored["side"]),
        at=datetime.fromisoformat(stored["at"]),
    )


def _plan(plan: Plan) -> _Json:
    return {
        "method": plan.method,
        "annual_percent": str(plan.annual_percent),
        "lines": [[line.due.isoformat(), line.capital.fen, line.interest.fen] for line in plan.lines],
    }


def _read_plan(stored: Mapping[str, Any]) -> Plan:
    lines = (
        PlanLine(number=number, due=date.fromisoformat(due), capital=Money(capital), interest=Money(interest))
        for number, (due, capital, interest) in enumerate(stored["lines"], start=1)
    )
    return Plan(
        method=Method(stored["method"]),
        annual_percent=Decimal(stored["annual_percent"]),
        lines=tuple(lines),
    )


def _agreement(agreement: Agreement) -> _Json:
    clause = agreement.default_clause
    return {
        "outcome": agreement.outcome,
        "agreed_on": agreement.agreed_on.isoformat(),
        "concession": _concession(agreement.concession),
        "plan": _plan(agreement.plan),
        "account_ref": agreement.account_ref,
        "default_clause": [clause.grace_days, clause.clawback, clause.acceleration],
        "confirmation_wanted": agreement.confirmation_wanted,
        "receipt_ref": agreement.receipt_ref,
    }


def _read_agreement(stored: Mapping[str, Any]) -> Agreement:
    grace_days, clawback, acceleration = stored["default_clause"]
    return Agreement(
        outcome=SettlementOutcome(stored["outcome"]),
        agreed_on=date.fromisoformat(stored["agreed_on"]),
        concession=_read_concession(stored["concession"]),
        plan=_read_plan(stored["plan"]),
        account_ref=stored["account_ref"],
        default_clause=DefaultClause(grace_days=grace_days, clawback=clawback, acceleration=acceleration),
        confirmation_wanted=stored["confirmation_wanted"],
        receipt_ref=stored["receipt_ref"],
    )


def _signing(signing: Signing) -> _Json:
    refusal = signing.refusal
    return {
        "document_sha256": signing.document_sha256,
        "party_ids": sorted(signing.party_ids),
        "sign_by": signing.sign_by.isoformat() if signing.sign_by else None,
        "signatures": [
            {
                "party_id": signature.party_id,
                "document_sha256": signature.document_sha256,
                "at": signature.at.isoformat(),
                "channel": signature.channel,
                "code_verified": signature.code_verified,
            }
            for signature in signing.signatures
        ],
        "refusal": {"party_id": refusal.party_id, "at": refusal.at.isoformat()} if refusal else None,
    }


def _read_signing(stored: Mapping[str, Any]) -> Signing:
    refusal = stored["refusal"]
    return Signing(
        document_sha256=stored["document_sha256"],
        party_ids=frozenset(stored["party_ids"]),
        sign_by=date.fromisoformat(stored["sign_by"]) if stored["sign_by"] else None,
        signatures=tuple(
            Signature(
                party_id=signature["party_id"],
                document_sha256=signature["document_sha256"],
                at=datetime.fromisoformat(signature["at"]),
                channel=Channel(signature["channel"]),
                code_verified=signature["code_verified"],
            )
            for signature in stored["signatures"]
        ),
        refusal=(
            SigningRefusal(party_id=refusal["party_id"], at=datetime.fromisoformat(refusal["at"]))
            if refusal
            else None
        ),
    )


def _entry(entry: Entry) -> _Json:
    on = entry.on.isoformat()
    match entry:
        case Payment():
            return {"kind": _PAYMENT, "on": on, "amount": entry.amount.fen, "reference": entry.reference}
        case Reversal():
            return {"kind": _REVERSAL, "on": on, "reference": entry.reference}
        case DefaultDeclared():
            return {"kind": _DEFAULT, "on": on, "line": entry.line}


def _read_entry(stored: Mapping[str, Any]) -> Entry:
    return _READ_ENTRY[stored["kind"]](stored)


def _read_reversal(stored: Mapping[str, Any]) -> Reversal:
    return Reversal(reference=stored["reference"], on=date.fromisoformat(stored["on"]))


def _read_default(stored: Mapping[str, Any]) -> DefaultDeclared:
    return DefaultDeclared(line=stored["line"], on=date.fromisoformat(stored["on"]))


def _read_payment(stored: Mapping[str, Any]) -> Payment:
    return Payment(
        on=date.fromisoformat(stored["on"]), amount=Money(stored["amount"]), reference=stored["reference"]
    )


_READ_ENTRY: Final[Mapping[str, Callable[[Mapping[str, Any]], Entry]]] = {
    _PAYMENT: _read_payment,
    _REVERSAL: _read_reversal,
    _DEFAULT: _read_default,
}
