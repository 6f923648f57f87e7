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


def test_a_deeper_box_keeps_order_and_lets_its_consumer_fall_behind_by_its_depth_only():
    box: Mailbox[int] = Mailbox(3)
    assert [box.put(number) for number in range(5)] == [True, False, False, False, False]
    assert [box.take() for _ in range(4)] == [2, 3, 4, None]
    assert box.dropped == 2
    box.put(5)
    box.close()
    assert (box.take(None), box.take(None)) == (5, None)


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
