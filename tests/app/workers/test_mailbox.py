"""The mailbox never blocks its producer, keeps the latest, and counts what was lost."""

import threading

from app.workers.mailbox import Mailbox


def test_latest_wins_and_the_rest_is_counted():
    box: Mailbox[int] = Mailbox()
    assert box.put(1) is True
    assert box.put(2) is False
    assert box.put(3) is False
    assert box.take() == 3
    assert box.take() is None
    assert box.dropped == 2


def test_taking_waits_for_the_next_item_and_closing_wakes_a_waiter():
    box: Mailbox[int] = Mailbox()
    got: list[int | None] = []
    first = threading.Event()

    def consume() -> None:
        got.append(box.take(5.0))
        first.set()
        got.append(box.take(5.0))

    waiter = threading.Thread(target=consume)
    waiter.start()
    box.put(7)
    assert first.wait(5.0)
    box.close()
    waiter.join(4.0)
    assert not waiter.is_alive(), "closing must wake the waiter, not its time limit"
    assert got == [7, None]


def test_a_closed_box_takes_nothing_more():
    box: Mailbox[int] = Mailbox()
    box.close()
    assert box.put(1) is False
    assert box.take(None) is None
