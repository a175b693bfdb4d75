"""Notes on a case: what those who handle it write down for each other."""
