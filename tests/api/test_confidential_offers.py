"""TY22 over HTTP: whatever was offered, no answer a court, a judge or an operator can get tells of it.

Promise: random sequences of offers, counter-offers and answers, then every route that these roles may call.
Downside: that an event's number was skipped shows that something happened, as the chain of hashes demands.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.api.operations import Access, Operation
from chalicelib.api.routes import operations
from chalicelib.domain.roles import Actor
from tests.support.bodies import docketed, reviewed
from tests.support.courses import act, done, in_mediation
from tests.support.deals import SIDES, answers, day, monthly, offer, offers, settlement_of, two_parts
from tests.support.examples import examples
from tests.support.fakes.samples import COURT, INSTITUTION, JUDGE, MEDIATOR, OPS
from tests.support.http import Api

OUTSIDERS: Final = (COURT, JUDGE, OPS)
CLAIMED: Final = {"100000.00", "7330.56", "5830.21", "427.39", "113588.16", "0.00"}
"""What the court may know: the claim and its total."""
KINDS: Final = ("lump_sum", "two_parts", "equal_principal", "equal_payment", "less")
moves: Final = st.lists(
    st.tuples(
        st.sampled_from(sorted(SIDES)),
        st.sampled_from([*KINDS, "accepted", "declined", "withdrawn"]),
        st.integers(1, 14),
    ),
    min_size=1,
    max_size=8,
)


def terms(api: Api, kind: str, number: int) -> dict[str, Any]:
    """Return an offer of a kind; the number makes its amounts and days differ."""
    if kind == "two_parts":
        return two_parts(api, f"{50000 + number}.11", f"{60459 - number}.24")
    if kind == "lump_sum":
        return offer(api, schedule={"kind": "lump_sum", "by": day(api, 1 + number)})
    if kind == "less":
        return offer(api, waived={"penalty_interest": f"{1000 + number}.13"})
    return offer(api, tier="instalments", schedule=monthly(kind, 11 + number))


def bargain(api: Api, case_id: str, party_id: str, what: str, number: int) -> None:
    """Let a party offer or answer, if it is its turn."""
    if what in KINDS:
        body = terms(api, what, number) | {"side": SIDES[party_id], "valid_days": 1}
        offers(api, case_id, body, party_id)
    else:
        made = len(settlement_of(api, case_id)["offers"])
        answers(api, case_id, what, party_id, max(made, 1))


def amounts_in(value: Any) -> Iterator[str]:
    """Yield every text of an answer that can't be but an offer's: its amounts and its tier."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from (f'"{part}"',) if name == "tier" else amounts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from amounts_in(part)
    elif isinstance(value, str) and value[-3:-2] == "." and value not in CLAIMED:
        yield f'"{value}"'


def words_in(value: Any) -> Iterator[str]:
    """Yield every name and every text of an answer."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from words_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from words_in(part)
    elif isinstance(value, str):
        yield value


def callable_by(actor: Actor) -> Iterator[Operation]:
    """Yield every route that the role may call, but for those that only a signature opens."""
    for operation in operations():
        permitted = {role for action in operation.actions for role in action.roles}
        if operation.access is Access.TOKEN and actor.role in permitted:
            yield operation


def told(api: Api, actor: Actor, case_id: str) -> Iterator[str]:
    """Yield what each of these routes answers, page by page and document by document."""
    transfer_id = f"{case_id}-T1"
    transfer = api.get(f"/v1/court/transfers/{transfer_id}", actor)
    listed = transfer.body.get("documents", []) if transfer.status == 200 else []
    for document_id in [entry["document_id"] for entry in listed] or ["dossier"]:
        for operation in callable_by(actor):
            url = operation.path.format(
                case_id=case_id, transfer_id=transfer_id, document_id=document_id, number=1, person_id="j-1"
            )
            answer = api.get(url, actor) if operation.method == "GET" else api.post(url, {}, actor)
            yield answer.raw.decode(errors="replace")


def check(api: Api, case_id: str) -> None:
    """Compare what outsiders are told with what the parties know."""
    known = settlement_of(api, case_id)
    secrets = set(amounts_in(known["offers"]))
    assert secrets
    for actor in OUTSIDERS:
        for text in told(api, actor, case_id):
            assert not [secret for secret in secrets if secret in text], text
            if text.startswith("{"):
                body = json.loads(text)
                offered = [word for word in words_in(body) if "offer" in word and word != "offer"]
                assert not offered, text
                assert body.get("offer") is None
        refused = api.get(f"/v1/cases/{case_id}/settlement", actor)
        assert (refused.status, refused.code) == (403, "not_permitted")


@settings(max_examples=examples(12), deadline=None)
@given(moves)
def test_no_outsider_is_told_of_any_offer(sequence: list[tuple[str, str, int]]) -> None:
    """Open, countered, accepted, declined or withdrawn: while they talk, and after the suit has begun."""
    api = Api()
    case_id = in_mediation(api)
    done(offers(api, case_id))
    for party_id, what, number in sequence:
        bargain(api, case_id, party_id, what, number)
    check(api, case_id)
    done(act(api, case_id, "failure", {"reason": "differences_too_large"}, MEDIATOR))
    done(act(api, case_id, "transfer", {"insists": True}, INSTITUTION))
    check(api, case_id)
    for number, message in enumerate((reviewed(f"{case_id}-T1"), docketed(f"{case_id}-T1"))):
        assert api.call_back(message, f"msg-{number}").status == 202
    api.hub.run()
    assert api.get(f"/v1/cases/{case_id}", COURT).body["stage"] == "docketed"
    check(api, case_id)
