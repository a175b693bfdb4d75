"""The fixes are applied to the moto they were written for, and to no other."""

import moto
import pytest
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackOutcomeSuccess

from infra.local import moto_fixes
from infra.local.moto_fixes.task_tokens import Token, settle


def test_another_moto_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade somebody has to look at the fixes first."""
    monkeypatch.setattr(moto, "__version__", "5.3.0")
    with pytest.raises(moto_fixes.UnknownMotoVersionError, match=r"installed is 5\.3\.0"):
        moto_fixes.apply()


def test_a_token_whose_time_is_up_takes_no_answer() -> None:
    """There is no moment at which the time is up and an answer is still accepted."""
    token = Token("token")
    token.time_is_up()
    assert not settle(token, CallbackOutcomeSuccess(callback_id="token", output="{}"))
    assert token.get_outcome() is None


def test_a_token_that_was_answered_keeps_its_answer() -> None:
    """The time-out that comes later changes nothing."""
    token, answer = Token("token"), CallbackOutcomeSuccess(callback_id="token", output="{}")
    assert settle(token, answer)
    token.time_is_up()
    assert token.get_outcome() is answer
