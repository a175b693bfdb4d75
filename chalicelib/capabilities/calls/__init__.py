"""Who was told of what; whom no message reaches, the centre rings."""
