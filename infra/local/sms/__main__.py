"""Run the mock message gateway: `python -m infra.local.sms --port 8092`.

SMS_VERIFY_KEYS (whsec_/whpk_, separated by spaces) are the hub's keys: from the environment, never from the
command line, which any process can read. Ends at SIGTERM or SIGINT with exit code 0.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading

from infra.local.sms.inbox import Inbox, Knobs
from infra.local.sms.server import Gateway, SmsServer


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.sms", description="A mock message gateway.")
    parser.add_argument("--port", type=int, default=8092, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--error-rate", type=float, default=0.0, help="messages taken but answered 500")
    options = parser.parse_args(arguments)
    try:
        inbox = Inbox(Knobs().with_changes({"error_rate": options.error_rate}))
        server = SmsServer(options.port, Gateway(_keys(), inbox))
    except (ValueError, OSError, OverflowError) as error:
        print(f"sms: {error}", file=sys.stderr)
        return 2
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"message gateway listening on {server.url}", flush=True)
    stopping.wait()
    server.shutdown()
    server.server_close()
    return 0


def _keys() -> list[str]:
    keys = os.environ.get("SMS_VERIFY_KEYS", "").split()
    if not keys:
        raise ValueError("SMS_VERIFY_KEYS must name at least one key")
    return keys


if __name__ == "__main__":
    sys.exit(main())
