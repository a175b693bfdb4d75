"""What stands beside the case: each folder is a capability that registers itself (see `registry`)."""
