"""Makes moto 5.2.5 behave as AWS does where Jiefen Hub depends on it.

The hub relies on four guarantees of AWS that moto breaks under concurrency: a transaction is atomic, a stream
shows each change once, a queue keeps what it acknowledged, and an execution can be stopped and found by name.
Each fix replaces the smallest part of moto that breaks the guarantee and has a regression test in
tests/contract/emulator that fails on moto as released.

Downside: the fixes reach into moto's private parts, so they refuse any other version. After an upgrade run
`HUB_EMULATOR=plain pytest tests/contract/emulator -k fix`: what passes there needs no fix any more.

Known and not fixed: ClientRequestToken of TransactWriteItems is ignored (a repeated request is applied
again), transactions on one item queue up instead of failing with TransactionConflict, capacity units are
wrong, FIFO queues lose messages on redrive, StartMessageMoveTask is missing, JSONata, Assign and heartbeats
do not work.
"""

import moto

from infra.local.moto_fixes import dynamodb, executions, queries, queues, speed, streams, task_tokens

PINNED = "5.2.5"


class UnknownMotoVersionError(RuntimeError):
    """The installed moto is not the one the fixes were written for."""


def apply() -> None:
    """Patch the moto of this process, once; raises UnknownMotoVersionError for any other version."""
    if moto.__version__ != PINNED:
        raise UnknownMotoVersionError(f"the fixes are for moto {PINNED}, installed is {moto.__version__}")
    for fixes in (dynamodb, streams, queries, queues, executions, task_tokens, speed):
        fixes.apply()
