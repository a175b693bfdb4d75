"""The locks of moto's Step Functions and of its tables."""

from threading import RLock

LOCK = RLock()
"""Held by each request, and by whoever decides whether a token was answered in time."""
TABLES = RLock()
"""Held by each request to DynamoDB and its streams."""
