"""Fake presets for the gallery and the widget tests: they never reach a running tower."""

from __future__ import annotations

from dataclasses import replace

from ui.viewstate import PresetRun, PresetSpec, PresetStep, SetpointState, TowerView


def preset(
    key: str,
    names: tuple[str, str],
    mode: str | None,
    values: tuple[float, ...],
    *,
    note: str = "",
    source: str = "Our department's list of 2026",
) -> PresetSpec:
    """A preset with pressure, flow and light in this order; with light alone where there is no mode."""
    keys = ("pressure_setpoint", "flow_setpoint", "light_intensity")[-len(values) :]
    return PresetSpec(
        key,
        (("en", names[0]), ("zh", names[1])),
        mode,
        tuple(zip(keys, values, strict=True)),
        True,
        source,
        (("en", note),) if note else (),
    )


PRESETS = (
    preset("adult", ("Adult", "成人"), "adult", (12.0, 10.0, 30.0)),
    preset("paediatric", ("Paediatric", "儿童"), "paediatric", (8.0, 1.5, 30.0)),
    preset(
        "infant", ("Infant", "婴儿"), "paediatric", (6.0, 0.5, 20.0), note="Below 10 kg. Raise flow in small steps."
    ),
    preset("bariatric", ("Bariatric", "减重手术"), "high_flow", (15.0, 25.0, 40.0)),
    preset(
        "thoracoscopy",
        ("Thoracoscopy", "胸腔镜"),
        "adult",
        (6.0, 2.0, 30.0),
        note="Let gas in slowly, step by step with the anaesthetist.",
        source="Below 10 mmHg and 2 to 3 l/min in adults (PubMed 10421110)",
    ),
    preset(
        "arthroscopy",
        ("Arthroscopy", "关节镜"),
        None,
        (20.0,),
        note="Picture and light only. The joint is filled with fluid by its own pump.",
    ),
    preset("hernia", ("Hernia", "腹壁"), "adult", (11.0, 8.0, 35.0)),
    preset("kidney", ("Kidney, prone", "肾脏（俯卧）"), "adult", (18.0, 15.0, 80.0)),
)
LEFT_OUT = (
    "spleen.toml is left out: gas.pressure_mmhg: expected 1 to 30 mmHg in mode Adult at this site, got 31",
    'liver.toml is left out: gas.mode (line 6): expected "veress", "adult", "high_flow" or "paediatric", got "x"',
)


def with_steps(view: TowerView, number: int = 1) -> TowerView:
    """A preset on its way: active, pending, refused, lost and waiting."""
    steps = (
        PresetStep("gas_mode", "high_flow", SetpointState.ACTIVE),
        PresetStep("pressure_setpoint", 15.0, SetpointState.REJECTED, "the module has a fault; see its alarm"),
        PresetStep("flow_setpoint", 25.0, SetpointState.SENT, "waits for the mode"),
        PresetStep("light_intensity", 40.0, SetpointState.LOST, "no answer within 1 s; apply it again"),
    )
    return replace(view, preset=PresetRun("bariatric", steps, number))
