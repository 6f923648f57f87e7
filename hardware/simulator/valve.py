"""One pulse of the proportional valve: a first-order travel, exact whatever the step of the plant is."""

from __future__ import annotations

from math import exp, log


def pulse(
    start: float, on_s: float, steps: int, step_s: float, tau_s: float, dead_travel: float
) -> tuple[list[float], float]:
    """Mean opening in each of `steps`, and the travel after them, of a valve driven for the first `on_s`.

    `start` is the travel before, 0..1.  The first `dead_travel` of it opens nothing; the opening beyond is scaled to
    0..1.  The opening's integral has a closed form on both sides of the drive's end; a step gets its share of it.
    """
    live = 1.0 / (1.0 - dead_travel)
    peak = 1.0 - (1.0 - start) * exp(-on_s / tau_s)
    after = peak * exp(-(steps * step_s - on_s) / tau_s)
    openings = [0.0] * steps
    if peak <= dead_travel:
        return openings, after
    opens_s = tau_s * log((1.0 - start) / (1.0 - dead_travel)) if start < dead_travel else 0.0
    shuts_s = on_s + tau_s * log(peak / dead_travel)
    at_opening = (1.0 - start) * exp(-opens_s / tau_s)
    risen = (1.0 - dead_travel) * (on_s - opens_s) - tau_s * (at_opening - (1.0 - peak)) if on_s > opens_s else 0.0
    before = 0.0  # the integral up to the step
    for step in range(int(opens_s / step_s), min(steps, int(shuts_s / step_s) + 1)):
        time_s = min((step + 1) * step_s, shuts_s)
        if time_s <= on_s:
            gone = (1.0 - start) * exp(-time_s / tau_s)
            until = (1.0 - dead_travel) * (time_s - opens_s) - tau_s * (at_opening - gone)
        else:
            since_s = time_s - on_s
            until = risen + peak * tau_s * (1.0 - exp(-since_s / tau_s)) - dead_travel * since_s
        openings[step] = (until - before) / step_s * live
        before = until
    return openings, after
