"""A borrower's own application for a mediation: received, taken up or declined, joined by a filing."""
