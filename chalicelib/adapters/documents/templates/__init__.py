"""The templates: from a view to an outline, each version a function that stays as it was released.

Promise: a document can be read against the template it names at its foot; tests hold each version's text
fixed. Downside: a new wording is a new version beside the old one.
"""
