"""The hub. Importing it lets data classes take the code that packaging compiled, before any is made."""

from chalicelib import compiled

compiled.use()
