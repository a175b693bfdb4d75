"""The papers of a case as PDF and DOCX.

Promise: `rendering.render` makes the same bytes from the same view, and every character of the view is in
them, or there is a named error. Nothing is imported here: typst, python-docx and pyHanko load when a
document is made, so that other functions start without them. Downside: a process's first document is slow.
"""
