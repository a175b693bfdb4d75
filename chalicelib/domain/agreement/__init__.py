"""What is offered, agreed, signed, confirmed and paid: pure functions on frozen values.

Promise: exact to the fen, no clock, no ids of its own, no I/O; every change returns a new value and a refused
one changes nothing.
Reading order: due_dates, plan, schedules (how it may be paid); offer, negotiation (confidential); draft,
signing (the agreement); performance, position, default, reminders (its life); confirmation (its ruling).
Downside: nothing here knows of a case; the transition table decides when each part may be used.
"""
