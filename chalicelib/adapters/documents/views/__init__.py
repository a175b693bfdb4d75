"""The views: frozen dataclasses that are the templates' only input.

Promise: a document shows what its view holds and nothing else, so a view has no field for what its readers
must not see (a concession, in the papers for the court). Downside: every document needs a view of its own.
"""
