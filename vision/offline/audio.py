"""The sound of a film, copied packet by packet beside the new pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import av.error

from vision.offline.film import FilmError, FilmWriter


class AudioCopy:
    """Reads the first audio stream of a film and hands it to a `FilmWriter` in step with the pictures."""

    def __init__(self, path: Path, video_start_s: float) -> None:
        """`video_start_s` is the time of the film's first picture, which is 0 in the new film."""
        self._container = av.open(str(path))
        self.stream: Any = self._container.streams.audio[0]
        self._start_s = video_start_s
        self._packets: Iterator[Any] = self._container.demux(self.stream)
        self._waiting: Any = None
        self._ended = False
        self.problem = ""  # why the sound stops early; empty when it doesn't

    def copy_until(self, writer: FilmWriter, at_s: float) -> None:
        """Write all packets that begin up to `at_s` of the new film.  Never raises: sound is not worth a picture."""
        while not self._ended:
            try:
                packet = self._waiting or next(self._packets, None)
                self._waiting = None
                if packet is None or packet.dts is None:
                    self._ended = True
                    return
                begins_s = float(packet.dts * packet.time_base) - self._start_s
                if begins_s > at_s:
                    self._waiting = packet
                    return
                if begins_s < 0:
                    continue
                shift = round(self._start_s / packet.time_base)
                packet.dts -= shift
                packet.pts = packet.dts if packet.pts is None else packet.pts - shift
                writer.write_audio(packet)
            except (av.error.FFmpegError, FilmError, OSError) as error:
                self._ended, self.problem = True, str(error)

    def close(self) -> None:
        """Release the file."""
        self._container.close()
