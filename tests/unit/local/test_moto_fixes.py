"""The fixes are applied to the moto they were written for, and to no other."""

from typing import Any

import moto
import pytest
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackEndpoint

from infra.local import moto_fixes
from infra.local.moto_fixes.task_tokens import wait


def test_another_moto_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade somebody has to look at the fixes first."""
    monkeypatch.setattr(moto, "__version__", "5.3.0")
    with pytest.raises(moto_fixes.UnknownMotoVersionError, match=r"installed is 5\.3\.0"):
        moto_fixes.apply()


def test_a_wait_that_timed_out_is_closed_when_it_returns() -> None:
    """There is no moment at which the time is up and an answer is still accepted."""
    endpoint = CallbackEndpoint("token")
    state: Any = None
    assert wait(state, 0, endpoint) is None
    assert endpoint._notify_event.is_set()  # noqa: SLF001 - what the answering side looks at
