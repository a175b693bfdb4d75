"""The capabilities: each folder adds something beside the case and declares it itself (see `registry`)."""
