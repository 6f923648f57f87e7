"""`main.py conformance PORT`: examines the slaves on a port clause by clause of docs/protocol.md."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.arguments import output_file
from hardware.bus.plan import BusPlan
from hardware.bus.port import Port, PortError, PortLostError
from hardware.conformance import CLAUSES_BY_ID, Need, PortLine, Result, SlaveFound, Verdict, examine, find_slaves
from hardware.protocol import PROTOCOL_VERSION
from hardware.readings import MODULES, Address

OK, FAILED, USAGE = 0, 1, 2

_SLAVES = {address.name.lower(): address for address in MODULES}
# A serial port is seen within a few ms by a host that is not busy.  Pseudo-terminals and sockets have another process
# behind them, which has to be given the processor first.
PORT_LATENCY_MS, PROCESS_LATENCY_MS = 4.0, 15.0
_LINES_SHOWN = 24  # of a failed clause's record, its end
_DANGER = """\
Disconnect the patient and the gas supply first, whatever the options: setpoints are changed in any case, and a slave
with faulty firmware may do more than it is told.

Before you use --yes-no-patient: no patient is connected, and nobody will be; the gas supply is shut off and vented, or
is a small one whose outlet ends in open air; nobody looks into the light guide, and it points at nothing that burns.
The clauses that need it open the valves for a few seconds at about 7 l/min and switch the LED on at up to 20 %.
Without it these clauses are skipped.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _DANGER + "\nExit codes: 0 no clause failed, 1 some failed or no slave answers, 2 bad usage."
    parser.add_argument("port", metavar="PORT", help="/dev/tty*, COM*, a pseudo-terminal, or socket://HOST:PORT")
    parser.add_argument(
        "--slave",
        choices=[*_SLAVES, "all"],
        help="which one; all: each of the three must answer (default: those that answer)",
    )
    parser.add_argument(
        "--json", type=output_file, metavar="FILE", help="also write every clause with its bytes as JSON"
    )
    parser.add_argument(
        "--yes-no-patient",
        action="store_true",
        help="no patient is connected and the gas supply is off: also try what opens valves or switches the LED on",
    )
    parser.add_argument(
        "--only",
        type=_clause_ids,
        metavar="IDS",
        help="only these clauses, such as F3,W1, and the basic ones (F1, F2, E1, E2, V1, T1)",
    )
    parser.add_argument(
        "--power-cycled",
        action="store_true",
        help="the slaves have just been switched on: also compare their power-on state",
    )
    parser.add_argument(
        "--host-latency-ms",
        type=_latency_ms,
        metavar="MS",
        help=f"what this host and its adapter may add to a delay, 0 to 40 (default: {PORT_LATENCY_MS:g};"
        f" {PROCESS_LATENCY_MS:g} for a pseudo-terminal or a socket).  A USB adapter may hold bytes back for 16 ms:"
        " lower its latency timer, or say so here",
    )


def run(args: argparse.Namespace) -> int:
    """Exit code: 0 no clause failed, 1 some did, or the line or the slaves are not there."""
    has_process_behind = args.port.startswith(("socket://", "/dev/pts/", "/dev/ttys"))
    latency_ms = args.host_latency_ms
    if latency_ms is None:
        latency_ms = PROCESS_LATENCY_MS if has_process_behind else PORT_LATENCY_MS
    agreed = frozenset(
        need
        for need, given in ((Need.NO_PATIENT, args.yes_no_patient), (Need.POWER_CYCLED, args.power_cycled))
        if given
    )
    baud_rate = BusPlan().baud_rate
    try:
        port = Port(args.port, baud_rate)
    except PortError as error:
        print(f"conformance: {error}", file=sys.stderr)
        return FAILED
    results: list[Result] = []
    slaves: Sequence[SlaveFound] = ()
    lost = False
    try:
        line = PortLine(port, latency_ms / 1e3, None if has_process_behind else baud_rate)
        wanted = MODULES if args.slave in (None, "all") else (_SLAVES[args.slave],)
        slaves = find_slaves(line, wanted)
        missing = [address for address in wanted if address not in {slave.address for slave in slaves}]
        if not slaves or (missing and args.slave is not None):
            print(f"conformance: {_nobody(args.port, missing)}", file=sys.stderr)
            return FAILED
        print(f"protocol version {PROTOCOL_VERSION}, {latency_ms:g} ms allowed for host and adapter")
        for slave in slaves:
            print(f"{slave.address.name.lower()} at 0x{int(slave.address):02X}: {_who(slave)}")
        addresses = [slave.address for slave in slaves]
        examine(line, addresses, agreed, lambda result: _take(results, result), args.only)
    except PortLostError as error:
        print(f"conformance: {error}; what had been tried by then stands above", file=sys.stderr)
        lost = True
    finally:
        port.close()
    written = args.json is None or _write(args.json, _figures(args.port, latency_ms, slaves, results))
    counts = Counter(result.verdict for result in results)
    print(
        f"{counts[Verdict.PASS]} passed, {counts[Verdict.FAIL]} failed, {counts[Verdict.NOT_TESTABLE]} not testable"
        f" here, {counts[Verdict.SKIPPED]} skipped"
    )
    return FAILED if counts[Verdict.FAIL] or lost or not written else OK


def _latency_ms(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    # With more, 450 ms and 550 ms of the watchdog could no longer be told apart.
    if not 0.0 <= value <= 40.0:
        raise argparse.ArgumentTypeError(f"expected 0 to 40 ms, got {text!r}")
    return value


def _clause_ids(text: str) -> frozenset[str]:
    ids = frozenset(part.strip().upper() for part in text.split(",") if part.strip())
    unknown = sorted(ids - set(CLAUSES_BY_ID))
    if unknown or not ids:
        named = ", ".join(unknown) or "none"
        raise argparse.ArgumentTypeError(f"expected ids from docs/protocol.md, Clauses, such as F3,W1; got {named}")
    return ids


def _nobody(port: str, missing: Sequence[Address]) -> str:
    names = ", ".join(f"{address.name.lower()} (0x{int(address):02X})" for address in missing)
    return (
        f"nothing answers on {port} for {names}: is it switched on, are A and B the right way round, is it at 115200"
        " baud, and is this its address?"
    )


def _who(slave: SlaveFound) -> str:
    if slave.identity is None:
        return "answers, but does not say who it is in a way that can be read"
    identity = slave.identity
    return f"firmware {identity.firmware}, serial number {identity.serial_number}, version {identity.protocol_version}"


def _take(results: list[Result], result: Result) -> None:
    results.append(result)
    if result.verdict is Verdict.NOT_APPLICABLE:
        return
    clause = result.clause
    head = f"{result.verdict.value:18} {result.slave.name.lower():11} {clause.id:4} {clause.text}"
    print(f"{head}  [{clause.section}]" if result.verdict is Verdict.FAIL else head, flush=True)
    if result.note:
        print(f"{'':18} {result.note}")
    if result.verdict is Verdict.FAIL:
        print(f"{'':18} expected: {result.expected}\n{'':18} got:      {result.got}")
        for step in result.record[-_LINES_SHOWN:]:
            print(f"{'':18} {step}")


def _figures(port: str, latency_ms: float, slaves: Sequence[SlaveFound], results: Sequence[Result]) -> dict[str, Any]:
    return {
        "port": port,
        "protocol_version": PROTOCOL_VERSION,
        "host_latency_ms": latency_ms,
        "slaves": [
            {
                "slave": slave.address.name.lower(),
                "firmware": slave.identity.firmware if slave.identity else None,
                "serial_number": slave.identity.serial_number if slave.identity else None,
            }
            for slave in slaves
        ],
        "clauses": [
            {
                "id": result.clause.id,
                "section": result.clause.section,
                "text": result.clause.text,
                "slave": result.slave.name.lower(),
                "verdict": result.verdict.value.lower(),
                "expected": result.expected,
                "got": result.got,
                "note": result.note,
                "record": [
                    {
                        "ms": round(step.time_s * 1e3, 2),
                        "direction": {">": "sent", "<": "received", ".": "pause"}[step.direction],
                        "bytes": step.data.hex(" ").upper(),
                        "note": step.note,
                    }
                    for step in (result.record if result.verdict is Verdict.FAIL else ())
                ],
            }
            for result in results
        ],
    }


def _write(path: Path, figures: dict[str, Any]) -> bool:
    try:
        path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        print(f"conformance: {path} could not be written: {error.strerror}", file=sys.stderr)
        return False
    return True
