"""The role in force during a run: codes looked at beside the screen's thread, answers told, falling back."""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor

from app.access import CODED, AccessError, CodeBook, no_code
from ui.serviceview import AccessView, Role

log = logging.getLogger(__name__)

_ORDER = {role: rank for rank, role in enumerate(Role)}
READ_EVERY_S = 5.0  # the command line may set a code while the tower runs


class AccessDesk:
    """Lives in the screen's thread.  A hash takes longer than the screen may stand still, so another thread does it."""

    def __init__(self, book: CodeBook, *, open_to_all: bool = False) -> None:
        """`open_to_all`: the demonstration, where everybody may do what the service role may."""
        self._book = book
        self._open = open_to_all
        self._role = Role.CLINICAL
        self._codes: frozenset[Role] = frozenset()
        self._trouble = ""
        self._read_at_s = float("-inf")
        self._work: tuple[Future[None], Role, str] | None = None  # of a code: the role, what it is for
        self._answer, self._answers, self._taken = "", 0, False
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="access")

    @property
    def role(self) -> Role:
        """The role in force."""
        return self._role

    def allows(self, role: Role) -> bool:
        """Whether what needs `role` may be done now."""
        return _ORDER[self._role] >= _ORDER[role] or (self._open and role is Role.SERVICE)

    def enter(self, role: Role, code: str) -> None:
        """Look at a code; a later `cycle` tells how that ended."""
        if role not in CODED or self._work is not None:
            return
        self._work = self._threads.submit(self._book.check, role, code, time.time()), role, "enter"

    def change(self, role: Role, code: str) -> None:
        """Give a role another code: the administration's right."""
        if role not in CODED or self._work is not None:
            return
        if not self.allows(Role.ADMINISTRATION):
            self._tell("Only the administration changes codes.")
            return
        self._work = self._threads.submit(self._book.set, role, code), role, "change"

    def leave(self) -> None:
        """Back to clinical; a code that is still being looked at comes too late."""
        if self._role is not Role.CLINICAL:
            log.info("access: role %s ends", self._role)
        self._role = Role.CLINICAL
        if self._work is not None and self._work[2] == "enter":
            self._work = self._work[0], self._work[1], "left"

    def refuse(self) -> str:
        """What to say when something needs the service role."""
        return "This needs the service code." if self._codes else no_code(Role.SERVICE)

    def cycle(self, now_s: float) -> AccessView:
        """What the screen shows.  `now_s` is monotonic."""
        if self._work is not None and self._work[0].done():
            self._settle(*self._work)
            self._work, self._read_at_s = None, float("-inf")
        if now_s >= self._read_at_s:
            self._read_at_s = now_s + READ_EVERY_S
            try:
                self._codes, trouble = self._book.roles(), ""
            except AccessError as error:
                self._codes, trouble = frozenset(), str(error)
            if trouble and trouble != self._trouble:
                log.warning("access: %s", trouble)
            self._trouble = trouble
        return AccessView(
            role=self._role,
            codes=self._codes,
            may_change=self.allows(Role.SERVICE),
            checking=self._work is not None,
            answer=self._answer or self._trouble,
            taken=self._taken,
            answers=self._answers,
        )

    def close(self) -> None:
        """End the thread."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _settle(self, work: Future[None], role: Role, purpose: str) -> None:
        try:
            work.result()
        except AccessError as error:
            self._tell(str(error))
            return
        if purpose == "enter":
            self._role = role
            log.info("access: role %s begins", role)
        self._tell(f"The code of {role} is changed." if purpose == "change" else "", taken=True)

    def _tell(self, answer: str, *, taken: bool = False) -> None:
        self._answer, self._answers, self._taken = answer, self._answers + 1, taken
