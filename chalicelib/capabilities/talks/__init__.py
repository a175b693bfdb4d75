"""Talks in writing: messages between each side and the mediator."""
