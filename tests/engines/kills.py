"""`make run` on a kept table, as its owner starts it and as the machine may end it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local.court.clock import CivilClock
from infra.local.processes import free_port
from infra.local.stack import Ports
from infra.ops.target import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROCESSES = ("run", "hub", "moto_server", "court", "issuer", "sms")
"""Every process of the stack but the table's, by its module in `infra.local`."""
