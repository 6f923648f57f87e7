"""Network streams over real sockets: live, silent, cut off, and a film on a web server."""

from __future__ import annotations

import functools
import socket
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import av
import numpy as np
import pytest

from vision.frames import EndOfSource, SourceError, SourceLost
from vision.sources import make_source


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Sender(threading.Thread):
    """Sends a live MPEG transport stream over UDP until told to stop."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.halt = port, threading.Event()

    def run(self) -> None:
        with av.open(f"udp://127.0.0.1:{self.port}?pkt_size=1316", "w", format="mpegts") as out:
            stream = out.add_stream("mpeg2video", rate=25)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            stream.codec_context.gop_size = 5
            index = 0
            while not self.halt.wait(0.04):
                image = np.full((48, 64, 3), (index * 8) % 256, np.uint8)
                out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
                index += 1


def test_a_live_stream_is_read_lost_when_it_stops_and_found_again():
    port = free_port()
    source = make_source(f"udp://127.0.0.1:{port}")
    for _ in range(2):
        sender = Sender(port)
        sender.start()
        info = source.open()
        assert (info.width, info.height, info.live) == (64, 48, True)
        for _ in range(5):
            image, position = source.read()
            assert image.shape == (48, 64, 3)
            assert position is None
        sender.halt.set()
        sender.join()
        stopped = time.monotonic()
        with pytest.raises(SourceLost, match="check"):  # noqa: PT012 - some pictures may still wait
            while True:
                source.read()
                stopped = min(time.monotonic(), stopped + 2)
        assert time.monotonic() - stopped < 2.5
        source.close()


@pytest.mark.parametrize("scheme", ["udp", "http", "rtsp"])
def test_nobody_there_is_told_within_seconds(scheme):
    began = time.monotonic()
    with pytest.raises(SourceError, match="check"):
        make_source(f"{scheme}://127.0.0.1:{free_port()}").open()
    assert time.monotonic() - began < 7


def test_a_server_that_never_answers_is_no_hang():
    with socket.create_server(("127.0.0.1", 0)) as server:
        began = time.monotonic()
        with pytest.raises(SourceError, match="check"):
            make_source(f"rtsp://127.0.0.1:{server.getsockname()[1]}/x").open()
        assert time.monotonic() - began < 7


def test_an_unknown_name_and_a_password_are_handled():
    with pytest.raises(SourceError, match=r"camera\.invalid") as caught:
        make_source("rtsp://surgeon:secret@camera.invalid/stream").open()
    assert "secret" not in str(caught.value)


def test_a_film_on_a_web_server_is_a_film(tmp_path):
    with av.open(str(tmp_path / "film.mkv"), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(6):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="bgr24")))
        out.mux(stream.encode(None))

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        source = make_source(f"http://127.0.0.1:{server.server_port}/film.mkv")
        info = source.open()
        assert not info.live
        began = time.monotonic()
        positions = []
        with pytest.raises(EndOfSource):  # noqa: PT012 - reads to the end
            while True:
                positions.append(source.read()[1])
        assert positions == pytest.approx([i / 10 for i in range(6)])
        assert time.monotonic() - began > 0.45
        source.close()
    finally:
        server.shutdown()
        server.server_close()
