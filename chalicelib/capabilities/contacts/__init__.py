"""How the people of a case are reached, and a record of each look at that."""
