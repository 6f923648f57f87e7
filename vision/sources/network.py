"""A network stream as a video source."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import av
import av.error
import numpy as np
from av.container import InputContainer

from vision.frames import EndOfSource, Picture, SourceError, SourceInfo, SourceLost
from vision.sources.kinds import SourceKind, SourceRequest
from vision.sources.pacing import Pacer

SCHEMES = ("rtsp", "rtsps", "rtmp", "http", "https", "udp", "rtp", "tcp", "srt")
_NAME_LIMIT_S = 2.0
_OPEN_LIMIT_S = 5.0
_READ_LIMIT_S = 1.8  # `SourceLost` is due within 2 s
_PROBE = {"analyzeduration": "1000000", "probesize": "1000000"}  # at most 1 s of the stream to find out what it is


class NetworkSource:
    """A stream from the network.  A live one is read as it comes; a film on a web server is paced to its times."""

    def __init__(self, url: str, *, realtime: bool = True) -> None:
        self.url = url
        self._realtime = realtime
        self._pacer = Pacer()
        self._container: InputContainer | None = None
        self._frames: Iterator[av.VideoFrame] = iter(())
        self._live = True
        self._start_s = 0.0

    def open(self) -> SourceInfo:
        """Connect.  Raises `SourceError` within some seconds when there is no name, no answer or no picture."""
        self.close()
        self._find_host()
        options = dict(_PROBE)
        if self.url.startswith("rtsp"):
            options["rtsp_transport"] = "tcp"  # UDP loses packets, and a lost packet is a torn picture
        try:
            container = av.open(self.url, options=options, timeout=(_OPEN_LIMIT_S, _READ_LIMIT_S))
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise SourceError(
                f"{self._shown} gives no video ({_reason(error)}); check address, cable and that the sender is running"
            ) from error
        if not container.streams.video:
            container.close()
            raise SourceError(f"{self._shown} carries no video; check the address")
        stream = container.streams.video[0]
        stream.thread_type = "SLICE"  # threads over frames would hold pictures back
        self._live = container.duration is None
        self._start_s = float(stream.start_time * stream.time_base) if stream.start_time and stream.time_base else 0.0
        self._container, self._frames = container, container.decode(stream)
        self._pacer.restart()
        rate = stream.average_rate
        context = stream.codec_context
        return SourceInfo(
            self._shown, context.width, context.height, float(rate) if rate else 0.0, live=self._live, frame_count=None
        )

    def read(self) -> tuple[Picture, float | None]:
        """The next picture.  Raises `SourceLost` within 2 s when none comes."""
        if self._container is None:
            raise EndOfSource(f"{self._shown} is closed")
        try:
            frame = next(self._frames, None)
        except (av.error.FFmpegError, OSError) as error:
            raise SourceLost(f"{self._shown} has stopped ({_reason(error)}); check cable and sender") from error
        if frame is None:
            if self._live:
                raise SourceLost(f"{self._shown} has ended the stream; check the sender")
            raise EndOfSource(f"{self._shown} has ended")
        image = np.ascontiguousarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
        if self._live:
            return image, None
        position_s = max(0.0, float(frame.time or 0.0) - self._start_s)
        if self._realtime:
            self._pacer.wait_for(position_s)
            if self._pacer.stopped:
                raise EndOfSource(f"{self._shown} was closed")
        return image, position_s

    def close(self) -> None:
        """Disconnect.  Safe to call twice."""
        self._pacer.stop()
        container, self._container = self._container, None
        self._frames = iter(())
        if container is not None:
            container.close()

    @property
    def _shown(self) -> str:
        """The address without a user's name and password: it stands on the screen and in logs."""
        parts = urlsplit(self.url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()

    def _find_host(self) -> None:
        """Look the name up apart, as a look-up without a network can hang far longer than a surgeon waits."""
        host = urlsplit(self.url).hostname
        if not host:
            return  # udp://:5000 listens
        result: list[Exception | None] = []

        def look_up() -> None:
            try:
                socket.getaddrinfo(host, None)
                result.append(None)
            except (OSError, UnicodeError) as error:
                result.append(error)

        thread = threading.Thread(target=look_up, name="look up video host", daemon=True)
        thread.start()
        thread.join(_NAME_LIMIT_S)
        if not result or result[0] is not None:
            why = _reason(result[0]) if result and result[0] else f"no answer in {_NAME_LIMIT_S:g} s"
            raise SourceError(f"{self._shown}: the name '{host}' is not known here ({why}); check address and network")


def _reason(error: BaseException) -> str:
    if isinstance(error, av.error.ExitError):
        return "no answer in time"
    return str(getattr(error, "strerror", None) or error)


def _make(request: SourceRequest) -> NetworkSource:
    scheme = request.spec.partition("://")[0].lower()
    if scheme not in SCHEMES:
        raise SourceError(f"'{scheme}://' is not supported; a stream can be {', '.join(s + '://' for s in SCHEMES)}")
    try:
        port = urlsplit(request.spec).port
    except ValueError as error:
        raise SourceError(f"'{request.spec}' is no address: {error}") from error
    if port is None and scheme in ("udp", "tcp", "rtp"):
        raise SourceError(f"'{request.spec}' needs a port, for example {scheme}://0.0.0.0:5000")
    return NetworkSource(request.spec, realtime=request.realtime)


KIND = SourceKind(
    accepts=lambda spec: "://" in spec,
    make=_make,
    accepted="a network stream: rtsp://, http://, udp:// and the like",
)
