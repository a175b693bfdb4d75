"""The lock of moto's Step Functions."""

from threading import RLock

LOCK = RLock()
"""Held by each request, and by whoever decides whether a token was answered in time."""
