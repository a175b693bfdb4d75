"""Makes moto 5.2.5 behave as AWS does where Jiefen Hub depends on it.

The hub relies on four guarantees of AWS that moto breaks under concurrency: a transaction is atomic, a stream
shows each change once, a queue keeps what it acknowledged, and an execution can be stopped and found by name.
Each fix replaces the smallest part of moto that breaks the guarantee and has a regression test in
tests/contract/emulator that fails on moto as released.

Downside: the fixes reach into moto's private parts, so they refuse any other version. After an upgrade run
`HUB_EMULATOR=plain pytest tests/contract/emulator -k fix`: what passes there needs no fix any more.

Known and not fixed, so the hub relies on none of it here, or checks it itself:

- DynamoDB: ClientRequestToken of TransactWriteItems is ignored (a repeated request is applied again);
  transactions on one item queue up instead of failing with TransactionConflict; no limit of 4 MB for a
  transaction; items are refused from 404,900 bytes on; a write that changes nothing is a MODIFY event;
  capacity units are wrong.
- SQS: FIFO queues lose messages on redrive; StartMessageMoveTask is missing; PurgeQueue is refused for 60 s.
- Step Functions: JSONata, Assign and heartbeats do not work; wrong paths and oversized data fail with errors
  that `States.ALL` catches here and not on AWS; a Choice on timestamps knows only `Z`.
- S3: a given ChecksumSHA256 is dropped, so a paper's bytes are checked by the hub; conditions of a presigned
  POST are ignored. KMS: a disabled key still decrypts; a digest (not RAW) is signed wrongly.
- EventBridge Scheduler never starts a one-time schedule.
"""

import moto

from infra.local.moto_fixes import dynamodb, executions, queries, queues, speed, streams, task_tokens, updates

PINNED = "5.2.5"


class UnknownMotoVersionError(RuntimeError):
    """The installed moto is not the one the fixes were written for."""


def apply() -> None:
    """Patch the moto of this process, once; raises UnknownMotoVersionError for any other version."""
    if moto.__version__ != PINNED:
        raise UnknownMotoVersionError(f"the fixes are for moto {PINNED}, installed is {moto.__version__}")
    for fixes in (dynamodb, streams, queries, queues, executions, task_tokens, speed, updates):
        fixes.apply()
