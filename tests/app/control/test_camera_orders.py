"""The camera head over a real pty: exposure, gain, white balance and its automatic are what the head reports."""

from __future__ import annotations

from dataclasses import replace

from app.control import StartValues, TowerControl
from hardware.bus import BusLink
from hardware.ccu import CcuParams
from hardware.quantities import SETPOINTS
from ui.intents import MeasureWhiteBalance, SetCameraAutomatic, SetSetpoint
from ui.viewstate import SetpointState

KEYS = ("camera_exposure", "camera_gain", "camera_white_balance")


def test_in_automatic_exposure_and_gain_follow_the_head_and_do_not_flicker(bench):
    bench.until("a status", lambda s: s.camera is not None)
    bench.ask(SetSetpoint("light_intensity", 100.0))
    bench.switch_light_on()
    bench.until("less exposure", lambda s: s.camera.exposure_us < 14_000)
    drifted = {status.setpoints["camera_exposure"].active for status in bench.seen if status.camera}
    assert len(drifted) > 1, "the automatic has moved it"
    for status in bench.seen:
        if status.camera is None:
            continue
        view = status.setpoints["camera_exposure"]
        assert (view.state, view.reason) == (SetpointState.ACTIVE, "")
        assert view.active == status.camera.exposure_us / 1000.0


def test_a_set_exposure_ends_the_automatic_and_the_automatic_takes_over_again(bench):
    bench.ask(SetSetpoint("camera_exposure", 2.5))
    status = bench.until("2.5 ms", lambda s: s.setpoints["camera_exposure"].active == 2.5)
    bench.until("confirmed", lambda s: s.setpoints["camera_exposure"].state is SetpointState.ACTIVE)
    assert status.camera.automatic is False
    assert not any("itself has changed" in notice for notice in bench.notices)
    bench.ask(SetCameraAutomatic(True))
    bench.until("automatic", lambda s: s.camera.automatic and s.setpoints["camera_exposure"].active > 2.5)
    bench.cycles(60)
    assert bench.status.setpoints["camera_exposure"].state is SetpointState.ACTIVE
    assert not bench.status.setpoints["camera_exposure"].reason
    assert not bench.notices


def test_the_newest_of_exposure_and_automatic_wins(bench):
    for _ in range(10):
        bench.ask(SetSetpoint("camera_exposure", 3.0))
        bench.ask(SetCameraAutomatic(True))
    bench.cycles(40)
    assert bench.status.camera.automatic
    for _ in range(10):
        bench.ask(SetCameraAutomatic(True))
        bench.ask(SetSetpoint("camera_exposure", 3.0))
    bench.until("3 ms", lambda s: s.setpoints["camera_exposure"].active == 3.0)
    bench.cycles(60)
    assert not bench.status.camera.automatic
    assert bench.status.setpoints["camera_exposure"].state is SetpointState.ACTIVE
    assert not [notice for notice in bench.notices if "not confirmed" in notice]


def test_a_measured_white_balance_is_said_and_active_once_read_back(bench):
    bench.switch_light_on()
    bench.until("it is light", lambda s: s.light.current_ma > 800)
    bench.ask(MeasureWhiteBalance())
    bench.until("said", lambda _: any(n.startswith("White balance measured: ") for n in bench.notices))
    status = bench.until(
        "active", lambda s: s.setpoints["camera_white_balance"].state is SetpointState.ACTIVE and s.camera is not None
    )
    view = status.setpoints["camera_white_balance"]
    assert view.active == status.camera.white_balance_k
    assert not view.reason
    assert f"{view.active:.0f} K" in "".join(bench.notices)


def test_a_white_balance_measured_in_the_dark_is_refused_and_said(bench):
    bench.ask(MeasureWhiteBalance())
    bench.until("said", lambda _: any(n.startswith("White balance: refused") for n in bench.notices))


def test_a_site_without_the_automatic_starts_at_its_exposure(bench):
    ranges = SETPOINTS | {"camera_exposure": replace(SETPOINTS["camera_exposure"], default=6.0)}
    bench.link.close()
    bench.link = BusLink(str(bench.port))
    bench.control = TowerControl(bench.link, ranges, CcuParams(), StartValues(camera_automatic=False))
    bench.until("6 ms", lambda s: s.setpoints["camera_exposure"].active == 6.0)
    bench.until("0 dB", lambda s: s.setpoints["camera_gain"].active == 0.0)
    assert not bench.status.camera.automatic
