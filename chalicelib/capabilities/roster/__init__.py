"""The roster of a court: its mediators, centre staff and judges, by name."""
