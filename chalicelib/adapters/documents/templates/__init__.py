"""The templates: functions from a view to an outline; a released version never changes.

Promise: a paper's record names its template, and tests keep each version's text fixed.
Downside: a new wording is a new version beside the old one.
"""
