"""The fake towers of gallery and guide could be real ones: a picture of them must not teach what never happens."""

import pytest

from ui import samples

CHANGES = (
    samples.with_alarms,
    samples.paused,
    samples.venting,
    samples.at_rest,
    samples.stale,
    samples.stale_and_refused,
    samples.with_service,
    samples.with_setpoints_under_way,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_set_values_lie_within_the_gas_mode(change):
    view = change(samples.tower())
    mode = next(mode for mode in samples.GAS_MODES if mode.key == view.gas_mode)
    for spec, setpoint in ((mode.pressure, view.pressure_setpoint), (mode.flow, view.flow_setpoint)):
        assert spec.minimum <= setpoint.active <= spec.maximum, (spec.label, mode.label)


def test_a_light_in_standby_draws_no_current():
    assert samples.at_rest(samples.tower()).light_current.value == 0.0
