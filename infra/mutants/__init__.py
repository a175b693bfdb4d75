"""Mutation testing: breaks the arithmetic one change at a time and judges whether a test notices."""
