"""What a recorder's H.264 does to a sequence: coded and decoded again in memory."""

from __future__ import annotations

import io
from collections.abc import Sequence

import av
import numpy as np

from vision.frames import Picture
from vision.opencv import cv2


def through_h264(pictures: Sequence[Picture], crf: int) -> list[Picture]:
    """The pictures after x264 at a constant rate factor, (H, W, 3) uint8 BGR, both sides even; same bits every time.

    One thread and no frames reordered, as a live recorder codes; 4:2:0, BT.601 as in the rest of `vision`.
    """
    height, width = pictures[0].shape[:2]
    if height % 2 or width % 2:
        raise ValueError(f"expected pictures with even sides for H.264, found {width}x{height}")
    file = io.BytesIO()
    with av.open(file, "w", format="nut") as film:
        stream = film.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": str(crf), "preset": "veryfast", "tune": "zerolatency"}
        stream.codec_context.thread_count = 1
        for picture in pictures:
            # OpenCV's conversion is exact to a step; the one built into FFmpeg darkens by two.
            planes = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420).astype(np.uint8, copy=False)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        film.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r") as film:
        frames = [frame.to_ndarray(format="yuv420p") for frame in film.decode(video=0)]
    return [cv2.cvtColor(frame, cv2.COLOR_YUV2BGR_I420).astype(np.uint8, copy=False) for frame in frames]
