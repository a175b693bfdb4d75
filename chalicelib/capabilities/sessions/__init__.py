"""Sessions of a mediation: when and where, who came and how, and the minutes."""
