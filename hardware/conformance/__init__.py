"""Examines a slave clause by clause of docs/protocol.md over any line.  For firmware engineers: docs/conformance.md."""

from hardware.conformance.clauses import CLAUSES, CLAUSES_BY_ID, Clause, Need
from hardware.conformance.line import Line, PortLine
from hardware.conformance.runner import Result, SlaveFound, Verdict, examine, find_slaves

__all__ = [
    "CLAUSES",
    "CLAUSES_BY_ID",
    "Clause",
    "Line",
    "Need",
    "PortLine",
    "Result",
    "SlaveFound",
    "Verdict",
    "examine",
    "find_slaves",
]
