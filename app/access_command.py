"""`main.py access`: sets the codes of service and administration, and says which are set."""

from __future__ import annotations

import argparse
import getpass
import logging
import sys
import time

from app import paths
from app.access import CODED, LONGEST, SHORTEST, AccessError, CodeBook, wait_text
from ui.serviceview import Role

OK, FAILED, USAGE = 0, 1, 2

_EPILOG = f"""\
A code has {SHORTEST} to {LONGEST} digits.  It is asked for, never given on the command line, where other users of the
machine could read it.  Only its hash (argon2id) is kept, in a file that this user alone can read.  To change a code the
old one is asked for; the administration's opens the service's as well.  Who has forgotten the administration's code
removes the file, and with it all codes.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `access`."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG + f"\nThe file: {paths.access_file()}"
    commands = parser.add_subparsers(dest="what", required=True, metavar="set-code|status")
    set_code = commands.add_parser("set-code", help="give service or administration a code", allow_abbrev=False)
    set_code.add_argument("role", choices=[str(role) for role in CODED])
    commands.add_parser("status", help="which codes are set, and who has to wait", allow_abbrev=False)


def run(args: argparse.Namespace) -> int:
    """0 when well, 1 when no code was set or the file cannot be used, 2 without a terminal to ask at."""
    logging.getLogger().addHandler(logging.NullHandler())  # what is logged is said here anyway
    book = CodeBook(paths.access_file())
    try:
        if args.what == "status":
            return _status(book)
        if not sys.stdin.isatty():
            print("main.py access: a code is asked for at a terminal; start this command in one", file=sys.stderr)
            return USAGE
        return _set_code(book, Role(args.role))
    except AccessError as error:
        print(f"main.py access: {error}", file=sys.stderr)
        return FAILED
    except EOFError:
        print("main.py access: no code was given; nothing was changed", file=sys.stderr)
        return FAILED


def _status(book: CodeBook) -> int:
    print(f"codes in {book.path}")
    roles, now_s = book.roles(), time.time()
    for role in CODED:
        wait_s = book.wait_s(role, now_s)
        said = "set" if role in roles else f"not set: main.py access set-code {role}"
        print(f"  {role}: {said}{f', closed for {wait_text(wait_s)} after wrong codes' if wait_s > 0 else ''}")
    return OK


def _set_code(book: CodeBook, role: Role) -> int:
    known = book.roles()
    if role in known:
        _ask_old(book, role, known)
    code = getpass.getpass(f"New code for {role} ({SHORTEST} to {LONGEST} digits): ")
    if getpass.getpass("Again: ") != code:
        print("main.py access: the two codes differ; nothing was changed", file=sys.stderr)
        return FAILED
    book.set(role, code)
    print(f"The code for {role} is set, in {book.path}.")
    return OK


def _ask_old(book: CodeBook, role: Role, known: frozenset[Role]) -> None:
    """The old code, or the administration's in place of the service's.  Raises `AccessError`."""
    asked = role
    if role is Role.SERVICE and Role.ADMINISTRATION in known:
        answer = input("Old code of service, or that of administration? [service/administration] ").strip()
        asked = Role.ADMINISTRATION if answer[:1].lower() == "a" else role
    book.check(asked, getpass.getpass(f"Code of {asked}: "), time.time())
