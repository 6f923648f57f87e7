"""The camera head over real frames: automatic exposure, values as set, white balance."""

from __future__ import annotations

import pytest

from hardware.limits import LED_COLOUR_K
from hardware.protocol import (
    REPLY_HEADER,
    Applied,
    FrameDecoder,
    MeasureWhiteBalance,
    PollCamera,
    Reason,
    Refusal,
    SetExposure,
    SetExposureControl,
    SetGain,
    SetWhiteBalance,
    decode_reply,
    encode_request,
)
from hardware.simulator.rig import Rig


class Head:
    """A master that talks to the camera alone."""

    def __init__(self, light: float = 0.5) -> None:
        self.rig = Rig(seed=1)
        self.sequence = 0
        self.rig.lamp.drive = light
        self.rig.lamp.advance(1.0)

    def ask(self, request):
        self.sequence += 1
        (frame,) = FrameDecoder(REPLY_HEADER).feed(self.rig.exchange(encode_request(request, self.sequence)))
        return decode_reply(frame, request, self.sequence, 0.0)

    def status(self):
        return self.ask(PollCamera())


def test_the_automatic_takes_exposure_first_and_gain_for_the_rest():
    readings = [Head(light).status() for light in (0.8, 0.3, 0.06)]
    assert all(reading.automatic for reading in readings)
    assert readings[0].gain_db == 0.0
    assert readings[0].exposure_us < readings[1].exposure_us == readings[2].exposure_us == 16_000
    assert 0.0 < readings[1].gain_db < readings[2].gain_db <= 24.0


def test_a_value_that_is_set_ends_the_automatic_and_keeps_what_it_had_chosen():
    head = Head(0.3)
    by_itself = head.status()
    assert head.ask(SetGain(3.0)) == Applied(0.0, 3.0)
    status = head.status()
    assert (status.automatic, status.gain_db, status.exposure_us) == (False, 3.0, by_itself.exposure_us)
    head.ask(SetExposure(2.5))
    head.rig.lamp.drive = 0.8
    head.rig.lamp.advance(1.0)
    assert (head.status().exposure_us, head.status().gain_db) == (2500, 3.0)


def test_the_automatic_comes_back():
    head = Head(0.3)
    before = head.status()
    head.ask(SetExposure(2.5))
    assert head.ask(SetExposureControl(True)) == Applied(0.0, True)
    after = head.status()
    assert (after.automatic, after.exposure_us) == (True, before.exposure_us)


def test_white_is_set_or_found_by_looking_at_white():
    head = Head()
    assert head.status().white_balance_k == 5600
    head.ask(SetWhiteBalance(4000.0))
    assert head.status().white_balance_k == 4000
    assert head.ask(MeasureWhiteBalance()) == Applied(0.0, LED_COLOUR_K)
    assert head.status().white_balance_k == LED_COLOUR_K


@pytest.mark.parametrize("hindrance", ["dark", "no_signal"])
def test_without_light_or_picture_no_white_is_found(hindrance):
    head = Head(0.0 if hindrance == "dark" else 0.5)
    head.rig.camera.no_signal = hindrance == "no_signal"
    answer = head.ask(MeasureWhiteBalance())
    assert isinstance(answer, Refusal)
    assert answer.reason is Reason.NOT_NOW
    assert head.status().white_balance_k == 5600


def test_power_on_forgets_what_was_set():
    head = Head()
    head.ask(SetExposure(2.5))
    head.ask(SetWhiteBalance(4000.0))
    head.rig.camera.reset()
    status = head.status()
    assert (status.automatic, status.white_balance_k) == (True, 5600)
