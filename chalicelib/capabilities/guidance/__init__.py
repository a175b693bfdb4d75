"""Guidance: the mediator asks the guiding judge about the law, and the judge explains it."""
