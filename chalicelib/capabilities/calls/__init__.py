"""Whom no message reaches: the centre rings them."""
