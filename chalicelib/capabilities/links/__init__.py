"""Links by which parties without an account come in."""
