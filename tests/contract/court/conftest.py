"""What the court's contract tests share."""

from __future__ import annotations

from tests.support.aws import aws_endpoint, dynamodb_local_endpoint

__all__ = ["aws_endpoint", "dynamodb_local_endpoint"]
