"""What stands beside the case: each folder is a capability and registers itself (`chalicelib/registry.py`)."""
