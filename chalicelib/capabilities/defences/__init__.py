"""What a party says in its defence, in its own words."""
