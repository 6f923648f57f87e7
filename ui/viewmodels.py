"""View state into words: what a widget writes for a value, a setpoint, a picture or an alarm."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ui import phrases, units
from ui.languages import tr
from ui.viewstate import (
    AlarmView,
    AudioView,
    GasModeSpec,
    LinkState,
    MeasuredView,
    PictureView,
    Priority,
    SetpointSpec,
    SetpointState,
    SetpointView,
    TowerView,
    Validity,
)

UNKNOWN = "---"


def number(value: float | None, decimals: int) -> str:
    """A number with fixed decimals, never "-0.0"; "---" for None."""
    if value is None:
        return UNKNOWN
    text = f"{value:.{decimals}f}"
    return text[1:] if text.startswith("-") and float(text) == 0 else text


def age(seconds: float) -> str:
    """How old something is: "0.8 s", "12 s", "3 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def duration(seconds: float) -> str:
    """Length of a recording: "02:05", from one hour on "1:02:05"."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def before(seconds: float) -> str:
    """A tick of a time axis that ends now: "−40 s", "−20 min", "−2 h"."""
    if seconds < 60:
        return tr("−{n} s").format(n=f"{seconds:g}")
    if seconds < 3600:
        return tr("−{n} min").format(n=f"{seconds / 60:g}")
    return tr("−{n} h").format(n=f"{seconds / 3600:g}")


def lasted(seconds: float) -> str:
    """How long something was: "0.8 s", "42 s", "3 min 12 s", "2 h 05 min"."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    whole = int(seconds)
    if whole < 3600:
        return tr("{m} min {s} s").format(m=whole // 60, s=whole % 60)
    return tr("{h} h {m} min").format(h=whole // 3600, m=f"{whole // 60 % 60:02}")


def clock(seconds: float | None) -> str:
    """A time with gas as h:mm:ss, "0:02:05"; "---" for None."""
    if seconds is None:
        return UNKNOWN
    whole = max(0, int(seconds))
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def measured(view: MeasuredView, decimals: int, unit: str = "") -> str:
    """The number of a value measured in `unit`, as shown.  Unknown is "---", whatever the setpoint says."""
    if view.validity is Validity.UNKNOWN or view.value is None:
        return UNKNOWN
    return number(units.shown(view.value, unit), units.decimals(decimals, unit))


def aged(view: TowerView, silence_s: float) -> TowerView:
    """The view as it must be read when nothing newer came for `silence_s`: good values are stale."""

    def old(value: MeasuredView) -> MeasuredView:
        if value.validity is Validity.UNKNOWN:
            return value
        return MeasuredView(value.value, Validity.STALE, (value.age_s or 0.0) + silence_s)

    return replace(
        view,
        pressure=old(view.pressure),
        abdomen=old(view.abdomen),
        supply_s=None,
        flow=old(view.flow),
        cylinder=old(view.cylinder),
        gas_used=old(view.gas_used),
        light_temperature=old(view.light_temperature),
        light_current=old(view.light_current),
        light_fan=old(view.light_fan),
    )


def stale_note(view: MeasuredView) -> str:
    """What is said beside a value that is not good; empty for a good one."""
    if view.validity is Validity.STALE:
        return tr("old: {age}").format(age=age(view.age_s or 0.0))
    return ""


@dataclass(frozen=True, slots=True)
class SetpointFace:
    """What a setpoint key shows: its number, the state under it with an icon, and the reason for the status line."""

    value: str
    state: str = ""
    icon: str = ""
    reason: str = ""


def setpoint_number(value: float | None, decimals: int, unit: str) -> str:
    """The number of a setpoint held in `unit`, as shown and typed; "---" for None."""
    if value is None:
        return UNKNOWN
    return number(units.shown(value, unit), units.set_decimals(value, decimals, unit))


def with_unit(value: float, spec: SetpointSpec) -> str:
    """A setpoint's value with its unit as shown: "12 mmHg", "1.60 kPa"."""
    return f"{setpoint_number(value, spec.decimals, spec.unit)} {units.name(spec.unit)}"


def setpoint_face(view: SetpointView, decimals: int, unit: str = "") -> SetpointFace:
    """The active value stands alone; a requested one is drawn only together with its state."""
    active, wanted = (setpoint_number(value, decimals, unit) for value in (view.active, view.requested))
    match view.state:
        case SetpointState.ACTIVE:
            return SetpointFace(active)
        case SetpointState.SENT:
            return SetpointFace(f"{active} → {wanted}", tr("pending"), "pending", tr("waiting for confirmation"))
        case SetpointState.REJECTED:
            text = tr("{value} refused").format(value=wanted)
            return SetpointFace(active, text, "refused", f"{text}: {view.reason}" if view.reason else text)
        case SetpointState.LOST:
            text = tr("{value} lost").format(value=wanted)
            reason = view.reason or tr("no answer from the module")
            return SetpointFace(active, text, "lost", f"{text}: {reason}")
    return SetpointFace(UNKNOWN, tr("not known"), "searching", "")


# Which module holds a setpoint, by the first word of its key.
MODULES = {"pressure": "insufflator", "flow": "insufflator", "light": "light", "camera": "camera"}


def no_link(view: TowerView, setpoint: str) -> str:
    """Why a setpoint cannot be sent now: its module does not answer.  Empty when it does, or is none of the tower's."""
    wanted = MODULES.get(setpoint.split("_")[0], "")
    for module in view.modules:
        if (module.key or module.name.lower()) == wanted and module.link is not LinkState.UP:
            return tr("{module} does not answer").format(module=module.name)
    return ""


def range_text(minimum: float, maximum: float, decimals: int, unit: str) -> str:
    """ "1 to 30 mmHg"."""
    return tr("{low} to {high} {unit}").format(low=number(minimum, decimals), high=number(maximum, decimals), unit=unit)


def priority_text(priority: Priority) -> str:
    """The priority in words, for the alarm lamp."""
    return {Priority.HIGH: tr("HIGH"), Priority.MEDIUM: tr("MEDIUM"), Priority.LOW: tr("LOW")}[priority]


def alarm_state(alarm: AlarmView) -> str:
    """Since when, and whether acknowledged or only latched."""
    parts = [tr("since {age}").format(age=age(alarm.since_s))]
    if not alarm.active:
        parts.append(tr("condition gone, stays until acknowledged"))
    if alarm.acknowledged:
        parts.append(tr("acknowledged"))
    return " · ".join(parts)


def link_icon(link: LinkState) -> str:
    """The icon of a link state."""
    return {LinkState.UP: "link", LinkState.DOWN: "lost", LinkState.NEVER: "searching"}[link]


def link_text(link: LinkState) -> str:
    """A link state in words."""
    return {
        LinkState.UP: tr("connected"),
        LinkState.DOWN: tr("no answer"),
        LinkState.NEVER: tr("not found yet"),
    }[link]


def feed_action(picture: PictureView) -> str:
    """What was done to an enhanced picture, in a few words that a surgeon reads at a glance."""
    if picture.action == "raw":
        faults = {
            "not_finite": tr("raw: result not valid"),
            "frozen": tr("raw: result stood still"),
            "late": tr("raw: too slow"),
            "strayed": tr("raw: result not trusted"),
            "weights": tr("raw: no weights"),
            "lost": tr("raw: starts again"),
        }
        return faults.get(picture.fault, tr("raw"))
    words = {"passed through": tr("clear"), "deblurred": tr("deblurred")}
    done = words.get(picture.action, picture.action)
    qualities = {
        "2 networks": tr("2 of 3 networks"),
        "1 network": tr("1 of 3 networks"),
        "half size": tr("half size"),
        "weak memory": tr("weak memory"),
        "no memory": tr("no memory"),
    }
    parts = picture.quality.split(", ") if picture.quality else []
    return ", ".join([done, *(qualities.get(part, part) for part in parts)])


def feed_details(picture: PictureView) -> list[str]:
    """Second line of a feed's badge, the most important first: on the enhanced one the reason for raw, region and
    P(clear); then source and resolution."""
    parts = [phrases.say(picture.source), f"{picture.width}×{picture.height}"]
    if picture.enhanced:
        clear = "" if picture.p_clear is None else tr("P(clear) {p}").format(p=f"{picture.p_clear:.2f}")
        region = phrases.say(picture.region) or tr("region not known")
        parts = [phrases.say(picture.reason), region, clear, *parts]
    return [part for part in parts if part]


def feed_rate(picture: PictureView, delay_ms: float) -> str:
    """Frame rate and the picture's age when it was drawn."""
    rate = tr("{rate} frames/s").format(rate=f"{picture.frame_rate:.1f}")
    return f"{rate} · " + tr("delay {ms} ms").format(ms=f"{delay_ms:.0f}")


# Words of the control unit's phase -> icon; what is not listed gets that of running or stopped.
GAS_ICONS = {
    "supplying": "start",
    "at set pressure": "at-pressure",
    "paused": "pause",
    "venting": "vent",
    "relief open": "relief",
    "held": "held",
    "valves held closed": "held",
    "stopped": "stop",
}


def gas_state(view: TowerView) -> tuple[str, str]:
    """What the gas side is doing, as words and icon."""
    if view.gas_pending:
        return tr("waiting…"), "pending"
    if view.gas_running is None:
        return tr("State not known"), "searching"
    if view.gas_venting:
        return phrases.say(view.gas_state) or tr("Venting"), "vent"
    if view.gas_paused and view.gas_running:
        words = view.gas_state or tr("Paused")
        return phrases.say(words), GAS_ICONS.get(words.lower(), "pause")
    words = view.gas_state or (tr("Supplying") if view.gas_running else tr("Stopped"))
    return phrases.say(words), GAS_ICONS.get(words.lower(), "start" if view.gas_running else "stop")


def gas_off_because(view: TowerView) -> str:
    """Why neither supply nor vent can be asked for now, in two words; empty when they can."""
    if view.gas_running is None:
        return tr("not known")
    if view.gas_pending:
        return tr("waiting…")
    return tr("STOP first") if view.gas_venting else ""


def light_state(view: TowerView) -> tuple[str, str]:
    """What the light is doing, as words and icon."""
    if view.light_pending:
        return tr("waiting…"), "pending"
    if view.light_on is None:
        return tr("not known"), "searching"
    plain = tr("On") if view.light_on else tr("Standby")
    return view.light_state or plain, "light" if view.light_on else "standby"


def hours(value: float | None) -> str:
    """Hours of the lamp: "812 h"; "---" for None."""
    return UNKNOWN if value is None else tr("{hours} h").format(hours=number(value, 0))


def mode_effect(mode: GasModeSpec, pressure: float | None) -> str:
    """What entering a mode changes: "Flow becomes 1.0 l/min. Pressure stays 12 mmHg."."""
    flow, allowed, unit = mode.flow, mode.pressure, units.name(mode.pressure.unit)
    parts = []
    if mode.entry_flow is not None:
        parts.append(tr("Flow becomes {v} {unit}.").format(v=number(mode.entry_flow, flow.decimals), unit=flow.unit))
    if pressure is not None and allowed.minimum <= pressure <= allowed.maximum:
        kept = setpoint_number(pressure, allowed.decimals, allowed.unit)
        parts.append(tr("Pressure stays {v} {unit}.").format(v=kept, unit=unit))
    elif mode.entry_pressure is not None:
        new = setpoint_number(mode.entry_pressure, allowed.decimals, allowed.unit)
        words = tr("Pressure becomes {v} {unit}.")
        if pressure is None:
            words = tr("A pressure outside the range becomes {v} {unit}.")
        parts.append(words.format(v=new, unit=unit))
    return " ".join(parts) or tr("Flow and pressure must then be in the ranges shown.")


def camera_automatic(automatic: bool | None) -> str:
    """Who sets exposure and gain, in a word."""
    if automatic is None:
        return tr("not known")
    return tr("automatic") if automatic else tr("manual")


def audio_face(audio: AudioView) -> tuple[str, str, str]:
    """The sound's key: word, icon and hint."""
    if not audio.available:
        return tr("No sound"), "bell-off", tr("no device")
    if audio.paused_s is not None:
        whole = max(0, math.ceil(audio.paused_s))
        return f"{whole // 60}:{whole % 60:02}", "bell-off", tr("sound paused")
    if audio.sounding is not None:
        return tr("Sound"), "bell-sounding", tr("sounding")
    return tr("Sound"), "bell", tr("on")
