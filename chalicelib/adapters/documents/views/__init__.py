"""The views: frozen dataclasses that are the templates' only input.

Promise: a document shows what its view holds and nothing else, so what must not reach a reader has no field
there (a concession, in the papers for the court). Downside: whoever wires a document fills a view first.
"""
