"""Builds the parts of a running tower from a configuration.  No part knows another but by what is passed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from app.case.recorder import CaseRecorder
from app.case.snapshot import save_snapshot
from app.config import Config
from app.control import TowerControl
from app.enhancer.process import EnhancerProcess
from app.workers.bus import BusWorker
from app.workers.camera import CameraWorker
from app.workers.enhance import EnhanceWorker
from app.workers.feed import Feed, SecondFeed
from app.workers.fit import Fitter
from app.workers.mailbox import ENHANCER_BEHIND, Mailbox
from app.workers.record import RecordWorker
from app.workers.refit import RefitWorker
from hardware.bus import BusLink, BusPlan, FrameTap
from hardware.ccu import CcuParams
from vision.frames import EnhancedFrame, Frame, VideoSource
from vision.settings import Settings
from vision.sources import make_source
from vision.sources.phantom import PhantomSource

RECORDER_BEHIND = 4  # frames that may wait for the recorder: nobody waits for a film


@dataclass(frozen=True, slots=True)
class Parts:
    """The workers of one tower and what lies between them."""

    source: VideoSource
    raw_feed: Feed
    enhanced_feed: Feed
    camera: CameraWorker
    enhancer: EnhanceWorker
    recorder: RecordWorker
    bus: BusWorker
    simulation: bool  # modules or picture are no real ones, as `shows_simulation` judges
    second_raw: SecondFeed = field(default_factory=SecondFeed)
    second_enhanced: SecondFeed = field(default_factory=SecondFeed)
    refit: RefitWorker = field(default_factory=RefitWorker)
    tap: FrameTap = field(default_factory=FrameTap)  # what goes over the line, for the service page


def shows_simulation(config: Config, source: VideoSource) -> bool:
    """The one rule of the mark SIMULATION, on the screen and in every file: the modules are simulated, or the picture
    is drawn.  A simulator behind a real port is only known once its modules have said who they are
    (`TowerStatus.simulated_modules`); from then on the session raises the mark on the screen and in the report.
    """
    return config.bus.mode == "simulated" or isinstance(source, PhantomSource)


def build(config: Config, port: str) -> Parts:
    """Make every part for `config`; nothing is opened yet but what `make_source` checks of the source's name.

    `port` is the serial port's name: the configured one, or the simulator's.  Raises `SourceError` for a video
    source that cannot exist.
    """
    source = make_source(config.video.source, frame_rate=config.video.frame_rate)
    simulation = shows_simulation(config, source)
    tap = FrameTap()
    to_enhancer: Mailbox[Frame] = Mailbox(ENHANCER_BEHIND)
    raw_to_recorder: Mailbox[Frame] = Mailbox(RECORDER_BEHIND)
    enhanced_to_recorder: Mailbox[EnhancedFrame] = Mailbox(RECORDER_BEHIND)
    raw_feed, enhanced_feed = Feed(), Feed()
    fitter, second_fitter = Fitter(), Fitter()
    second_raw, second_enhanced = SecondFeed(fitter=second_fitter), SecondFeed(fitter=second_fitter)
    camera = CameraWorker(
        source, raw_feed, (to_enhancer, raw_to_recorder), simulation=simulation, fitter=fitter, second=second_raw
    )

    def make_enhancer() -> EnhancerProcess:
        settings = Settings(
            threshold=config.enhance.threshold,
            deblur=config.enhance.deblur,
            order=config.enhance.order,
            time_budget_ms=config.enhance.time_budget_ms,
            exposure_share=config.enhance.exposure_share,
        )
        return EnhancerProcess(config.enhance.models, settings)

    def make_recorder(name: str) -> CaseRecorder:
        return CaseRecorder(
            config.recording.directory,
            source=name,
            codec=config.recording.codec,
            container=config.recording.container,
            min_free_mb=config.recording.min_free_mb,
            simulation=simulation,
        )

    def snapshot(raw: Frame, enhanced: EnhancedFrame | None, name: str) -> str:
        saved = save_snapshot(config.recording.directory, raw, enhanced, source=name, simulation=simulation)
        return f"Saved {saved}"

    return Parts(
        source=source,
        raw_feed=raw_feed,
        enhanced_feed=enhanced_feed,
        camera=camera,
        enhancer=EnhanceWorker(
            make_enhancer,
            to_enhancer,
            enhanced_feed,
            enhanced_to_recorder,
            simulation=simulation,
            fitter=fitter,
            second=second_enhanced,
        ),
        second_raw=second_raw,
        second_enhanced=second_enhanced,
        recorder=RecordWorker(make_recorder, snapshot, raw_to_recorder, enhanced_to_recorder),
        bus=BusWorker(lambda: make_control(config, port, tap)),
        simulation=simulation,
        tap=tap,
    )


def make_control(config: Config, port: str, tap: FrameTap | None = None) -> tuple[TowerControl, Callable[[], None]]:
    """The control room on a port, and the call that ends it: to be made and used in the bus thread."""
    link = BusLink(port, BusPlan(baud_rate=config.bus.baud), tap=tap)
    control = TowerControl(link, config.setpoint_ranges(), CcuParams(), config.start_values())

    def close() -> None:
        control.log_health()
        link.close()

    return control, close
