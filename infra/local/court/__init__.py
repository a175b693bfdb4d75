"""A court for local runs: its own process, which knows the published contract and nothing of the hub's code.

Start it with `python -m infra.local.court --help`.
"""
