"""Loan arithmetic: what is owed, why, what may be waived, and how it is written.

Promise: pure functions on exact decimals; no clock, no I/O, no default day count. Every amount can be
traced to a segment of days, a base, a rate and a legal basis.
Reading order: components, rates, contract (or card), ledger, accrual, statement; then what uses a
statement: comparison, burden, concession. Beside them: court_fee, limitation, capitals.
Downside: nothing is re-exported here; a caller names the module, as everywhere in the domain.
"""
