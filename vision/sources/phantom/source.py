"""The phantom as a video source: paced like a camera, steered by the tower's read-back values."""

from __future__ import annotations

import re
import statistics
from collections import deque

from vision.frames import EndOfSource, Picture, SourceError, SourceInfo
from vision.sources.kinds import SourceKind, SourceRequest
from vision.sources.pacing import Pacer
from vision.sources.phantom.motion import BURST_EVERY_S
from vision.sources.phantom.scene import PhantomCamera
from vision.sources.phantom.state import Exposure, RenderCost, SceneState, Truth

_SPEC = re.compile(
    r"phantom(?::(\d+)x(\d+))?(?:@(\d+(?:\.\d+)?))?(?:,seed=(\d+))?(?:,burst=(\d+(?:\.\d+)?))?", re.IGNORECASE
)
_ACCEPTED = (
    "phantom, phantom:WIDTHxHEIGHT, phantom:1280x720@30 (a simulated scene; ',seed=N' for another patient, then"
    " ',burst=S' for a burst of 1 to 12 shaken frames every S seconds instead of every 3)"
)
_SIDE_PX = (64, 3840)
_RATE_HZ = (1.0, 120.0)
_BURST_S = (1.0, 60.0)


class PhantomSource:
    """A simulated endoscope camera (a `VideoSource`).

    `set_scene`, `last_truth` and `render_cost` may be called from any thread, the rest from one.
    """

    def __init__(
        self,
        width: int = 1280,
        height: int = 720,
        frame_rate: float = 30.0,
        *,
        seed: int = 0,
        realtime: bool = True,
        burst_every_s: float = BURST_EVERY_S,
    ) -> None:
        """Sizes in px (64 to 3840), `frame_rate` in Hz (1 to 120), a burst of shake every 1 to 60 s.

        Raises `SourceError` outside of these.
        """
        for name, value in (("width", width), ("height", height)):
            if not _SIDE_PX[0] <= value <= _SIDE_PX[1]:
                raise SourceError(f"the phantom's {name} is {value}; {_SIDE_PX[0]} to {_SIDE_PX[1]} px are possible")
        if not _RATE_HZ[0] <= frame_rate <= _RATE_HZ[1]:
            raise SourceError(
                f"the phantom's frame rate is {frame_rate:g}; {_RATE_HZ[0]:g} to {_RATE_HZ[1]:g} frames/s are possible"
            )
        if not _BURST_S[0] <= burst_every_s <= _BURST_S[1]:
            raise SourceError(
                f"the phantom is shaken every {burst_every_s:g} s; {_BURST_S[0]:g} to {_BURST_S[1]:g} s are possible"
            )
        self._burst_every_s = burst_every_s
        self.width, self.height, self.frame_rate, self.seed = width, height, float(frame_rate), seed
        self._realtime = realtime
        self._pacer = Pacer()
        self._camera: PhantomCamera | None = None
        self._open = False
        self._index = -1
        self._scene = SceneState()
        self._last: tuple[Exposure, SceneState] | None = None
        self._costs_ms: deque[float] = deque(maxlen=120)
        self._rendered = 0
        self.skipped_frames = 0  # frames that fell due while nobody read: a camera overwrites them
        self.shaken_frames = 0  # delivered since it was made
        self.shake_px = 0.0  # sum of the lengths of the picture's path in their exposures

    def open(self) -> SourceInfo:
        """Draw the scene's textures on the first call (about 1 s at 1280x720), begin at frame 0."""
        if self._camera is None:
            self._camera = PhantomCamera(self.width, self.height, self.frame_rate, self.seed, self._burst_every_s)
        self._index, self._open, self._last = -1, True, None
        self.skipped_frames = 0
        self._pacer.restart()
        return SourceInfo("Phantom", self.width, self.height, self.frame_rate, live=True, frame_count=None)

    def read(self) -> tuple[Picture, float | None]:
        """The next frame when it is due; frames missed meanwhile are skipped, never delivered in a burst."""
        if self._camera is None or not self._open:
            raise EndOfSource("the phantom is closed")
        index = self._index + 1
        if self._realtime:
            index = self._pacer.next_index(self._index, self.frame_rate)
            if self._pacer.stopped:
                raise EndOfSource("the phantom was closed")
        self.skipped_frames += index - self._index - 1
        self._index = index
        scene = self._scene
        exposure = self._camera.expose(index, scene)
        if exposure.blurred:
            self.shaken_frames += 1
            self.shake_px += exposure.shake_px
        self._costs_ms.append(exposure.render_ms)
        self._rendered += 1
        self._last = (exposure, scene)
        return exposure.image, None

    def close(self) -> None:
        """Stop; a reader that waits is let go with `EndOfSource`."""
        self._open = False
        self._pacer.stop()

    def set_scene(self, scene: SceneState) -> None:
        """Light and room from the next frame on.  Cheap; any thread."""
        self._scene = scene

    def last_truth(self) -> Truth | None:
        """The sharp, noiseless picture at mid-exposure of the last frame read; drawn when asked (some ms)."""
        last, camera = self._last, self._camera
        if last is None or camera is None:
            return None
        exposure, scene = last
        return Truth(exposure.index, camera.sharp(exposure.index, scene), exposure.blurred, exposure.shake_px)

    @property
    def render_cost(self) -> RenderCost:
        """What drawing costs, in ms a frame: belongs to the simulation, not to the tower."""
        costs = list(self._costs_ms)
        if not costs:
            return RenderCost(0.0, 0.0, 0)
        return RenderCost(costs[-1], statistics.median(costs), self._rendered)


def _make(request: SourceRequest) -> PhantomSource:
    match = _SPEC.fullmatch(request.spec)
    if match is None:
        raise SourceError(f"'{request.spec}' is no phantom; write {_ACCEPTED}")
    width, height, rate, seed, burst_s = match.groups()
    return PhantomSource(
        int(width or 1280), int(height or 720), request.frame_rate or float(rate or 30.0),
        seed=int(seed or 0), realtime=request.realtime, burst_every_s=float(burst_s or BURST_EVERY_S),
    )  # fmt: skip


KIND = SourceKind(accepts=lambda spec: spec.lower().startswith("phantom"), make=_make, accepted=_ACCEPTED)
