"""Use cases authorise first: by their source, before anything else; by their behaviour, before any read."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib import use_cases
from chalicelib.domain.agreement.negotiation import Reply
from chalicelib.domain.commands import Screen
from chalicelib.domain.errors import NotPermitted
from chalicelib.domain.loan.components import NOTHING
from chalicelib.domain.loan.concession import DEFAULT_TIERS, Proposal, Repayment
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.parties import Side
from chalicelib.domain.reasons import CorrectionReason, DisclosureGround
from chalicelib.domain.representatives import Authority, Representative, RepresentativeKind
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.steps import CourtLimits
from chalicelib.use_cases import loading
from chalicelib.use_cases.correct_details import Corrected
from chalicelib.use_cases.papers import PaperRequest
from chalicelib.use_cases.records import CourtCallback
from tests.support.builders import PAYMENT, SHA256, START, commands_for, filed
from tests.support.desk import docketed
from tests.support.fakes.samples import filing, key
from tests.unit.domain.agreement.support import LUMP
from tests.unit.domain.loan.support import G1_CUT_OFF, g1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType


def modules() -> Iterator[ModuleType]:
    """Yield every module of the use cases."""
    for entry in pkgutil.iter_modules(use_cases.__path__, f"{use_cases.__name__}."):
        yield importlib.import_module(entry.name)


def functions(module: ModuleType) -> dict[str, Callable[..., object]]:
    """Return the public functions that a module defines."""
    return {
        name: function
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
    }


ASKED = {
    f"{module.__name__.rpartition('.')[2]}.{name}": function
    for module in modules()
    for name, function in functions(module).items()
    for parameters in [set(inspect.signature(function).parameters)]
    if {"hub", "actor"} <= parameters and "case" not in parameters and module is not loading
}
"""The use cases somebody asks for; `loading` only gathers what a decision needs.

Who is given a case that is at hand was authorised when it was read.
"""


class Touched(Exception):
    """The hub was asked for something."""


class Untouchable:
    """A hub that nobody may touch before the caller is authorised."""

    def __getattr__(self, name: str) -> Any:
        """Refuse."""
        raise Touched(name)


CALLBACK = CourtCallback(
    callback_id="CB-1",
    court_id="court-jc",
    transfer_id="C-0001-T1",
    occurred_at=START,
    command=docketed("C-0001-T1"),
    raw=b"",
)
VALUES: dict[str, Any] = {
    "hub": Untouchable(),
    "case_id": "C-0001",
    "transfer_id": "C-0001-T1",
    "document_id": "complaint",
    "id_number": "11010519491231002X",
    "stage": None,
    "after": None,
    "limit": 10,
    "command": Screen(),
    "idempotency": key(),
    "callback": CALLBACK,
    "request": PaperRequest(kind=PaperKind.MEDIATION_AGREEMENT),
    "institution_id": "bank-1",
    "valid_from": START.date(),
    "valid_to": None,
    "tiers": DEFAULT_TIERS,
    "expected_version": 1,
    "tier": "lump_sum",
    "proposal": Proposal(repayment=Repayment.LUMP_SUM, days=0),
    "owed": NOTHING,
    "debt": Debt(contract=g1()),
    "as_of": G1_CUT_OFF,
    "side": Side.APPLICANT,
    "number": 1,
    "reply": Reply.ACCEPTED,
    "terms": LUMP,
    "schedule": LUMP.schedule,
    "valid_days": 3,
    "payment": PAYMENT,
    "reference": PAYMENT.reference,
    "party_id": "a1",
    "document_sha256": SHA256,
    "code": None,
    "corrected": Corrected(),
    "reason": CorrectionReason.CHANGED_SINCE,
    "agent": Representative(kind=RepresentativeKind.AGENT, name="林试"),
    "authority": Authority.GENERAL,
    "agent_id": "g1",
    "judge_id": "j-1",
    "mediator_id": "m-1",
    "ground": DisclosureGround.OTHER_RELATION,
    "text": "x",
    "area": None,
    "language": None,
}


def arguments(function: Callable[..., object], actor: Actor) -> dict[str, Any]:
    """Return something for each parameter a use case has to be given."""
    needed = [p.name for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    values = {**VALUES, "actor": actor}
    if function.__name__ == "file_dispute":
        values["command"] = filing()
    return {name: values[name] for name in needed}


def whole(role: Role) -> Actor:
    """Return an actor of a role with every id a token could carry."""
    return Actor(
        role=role,
        subject="somebody",
        institution_id="bank-1",
        mediator_id="m-1",
        judge_id="j-1",
        court_id="court-jc",
        case_ids=frozenset({"C-0001:r1"}),
    )


def test_there_are_use_cases_to_ask_for() -> None:
    """The discovery below finds them."""
    assert len(ASKED) >= 8


@pytest.mark.parametrize("name", ASKED)
def test_the_first_statement_authorises(name: str) -> None:
    """After its docstring the function, or the one of its module that it calls first, calls `authorise`."""
    function = ASKED[name]
    tree = ast.parse(inspect.getsource(inspect.getmodule(function) or function))
    bodies = {node.name: node.body for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert _authorises_first(function.__name__, bodies)


def _authorises_first(name: str, bodies: dict[str, list[ast.stmt]]) -> bool:
    body = bodies[name]
    described = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    first = body[1] if described else body[0]
    called = getattr(first, "value", None)
    if not isinstance(called, ast.Call) or not isinstance(called.func, ast.Name):
        return False
    if called.func.id == "authorise":
        return isinstance(called.args[0], ast.Name) and called.args[0].id == "actor"
    passed_on = any(isinstance(arg, ast.Name) and arg.id == "actor" for arg in called.args)
    return passed_on and called.func.id in bodies and _authorises_first(called.func.id, bodies)


@pytest.mark.parametrize("name", ASKED)
def test_who_may_never_do_it_is_refused_before_anything_is_read(name: str) -> None:
    """Each role either may ask, and then the hub is touched, or is refused with the hub untouched."""
    asked = {role: _ask(ASKED[name], whole(role)) for role in Role}
    assert set(asked.values()) == {Touched, NotPermitted}


def test_every_command_is_refused_before_the_case_is_read() -> None:
    """Acting on a case: whichever command it is, its own permission is asked first."""
    for command in commands_for(filed().case, CourtLimits()):
        answers = {
            role: _ask(ASKED["act_on_case.act_on_case"], whole(role), command=command) for role in Role
        }
        assert set(answers.values()) == {Touched, NotPermitted}


def _ask(function: Callable[..., object], actor: Actor, **more: Any) -> type[Exception] | None:
    try:
        function(**{**arguments(function, actor), **more})
    except (Touched, NotPermitted) as answer:
        return type(answer)
    return None


def test_a_use_case_is_a_file_named_by_its_verb() -> None:
    """The module has a public function of its own name."""
    for module in modules():
        name = module.__name__.rpartition(".")[2]
        if not name.endswith("ports") and name not in {
            "driving",
            "follow_up",
            "loading",
            "papers",
            "paper_sources",
            "records",
            "second_records",
            "service_addresses",
        }:
            assert name in functions(module)


def test_use_cases_import_the_domain_and_each_other_only() -> None:
    """Beside the standard library; import-linter guards the rest of the tree."""
    for module in modules():
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("chalicelib"):
                assert node.module.startswith(
                    (
                        "chalicelib.consumers",
                        "chalicelib.registry",
                        "chalicelib.domain",
                        "chalicelib.use_cases",
                    )
                )
