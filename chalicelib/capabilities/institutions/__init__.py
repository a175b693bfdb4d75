"""Institutions: who may file with which court, in which names, and to which accounts is paid."""
