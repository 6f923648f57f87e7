"""What the computer adds: the picture, the networks, the disk, and the loudspeaker of the alarms."""

from __future__ import annotations

from app.alarms.speaker import Audio
from app.checks import Level
from app.selftest.evidence import Evidence
from app.selftest.result import Result, failed, passed


def judge_picture(e: Evidence) -> Result | None:
    """The source is open and frames come."""
    info = e.camera.info
    if info is not None and e.frames > 0:
        return passed("picture", source=info.name, size=f"{info.width}x{info.height}")
    if e.camera.ended and e.frames > 0:
        return passed("film_ended")
    return None


def picture_late(e: Evidence) -> Result:
    """Why no picture came."""
    return failed("picture", why=e.camera.error) if e.camera.error else failed("picture_missing")


def judge_enhanced(e: Evidence) -> Result | None:
    """The weights are those of their cards, by hash, and the networks have warmed up."""
    if e.enhancer is None:
        return None
    if e.enhancer.weights_error:
        return failed("enhanced", why=e.enhancer.weights_error)
    return passed("enhanced") if e.enhancer.usable else None


def enhanced_late(_: Evidence) -> Result:
    """The networks do not come up."""
    return failed("enhanced_slow")


def judge_disk(e: Evidence) -> Result | None:
    """The recording folder can be written, and there is space: the doctor's own check."""
    if e.disk is None:
        return None
    bad = next((finding for finding in e.disk if finding.level is not Level.OK), None)
    if bad is not None:
        return failed("disk", why=bad.text, action=bad.action)
    return passed("disk", space=e.disk[-1].text)


def disk_late(_: Evidence) -> Result:
    """The disk does not answer."""
    return failed("disk_slow")


def judge_sound(e: Evidence) -> Result | None:
    """A tone was played to its end on the alarms' own path."""
    if e.speaker.audio is Audio.NO_DEVICE:
        return failed("sound_none")
    if e.speaker.audio is Audio.WELL and e.trial == "played":
        return passed("sound", device=e.speaker.text)
    return None


def sound_late(e: Evidence) -> Result:
    """Why no tone was confirmed."""
    if e.speaker.audio is Audio.FAILED:
        return failed("sound_failed", why=e.speaker.text)
    return failed("sound_silent")
