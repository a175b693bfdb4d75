"""A circuit store in memory: the fake that passes the same tests as the table."""

from __future__ import annotations

from chalicelib.adapters.court.circuit import Circuit


class InMemoryCircuits:
    """`CircuitStore` that counts what it is asked, since each call costs money."""

    def __init__(self) -> None:
        self.circuits: dict[str, Circuit] = {}
        self.reads = 0
        self.writes = 0

    def get(self, court_id: str) -> Circuit:
        """Return what is stored."""
        self.reads += 1
        return self.circuits.get(court_id, Circuit())

    def put(self, court_id: str, circuit: Circuit) -> bool:
        """Store the next version, or nothing."""
        self.writes += 1
        if self.circuits.get(court_id, Circuit()).version != circuit.version - 1:
            return False
        self.circuits[court_id] = circuit
        return True
