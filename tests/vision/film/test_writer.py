"""Films as written: bits, sizes, times, and what a kill leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from vision.offline.film import LOSSLESS_CODEC, FilmError, FilmWriter
from vision.offline.reader import FilmReader
from vision.opencv import cv2

ROOT = Path(__file__).resolve().parents[3]


def picture(width: int, height: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def read(path: Path) -> list[tuple[np.ndarray, float]]:
    with FilmReader(path) as reader:
        frames = list(reader.frames())
        assert reader.damage == ""
        return frames


@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".avi", ".mov"])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (639, 359), (64, 48)])
def test_the_lossless_codec_gives_every_bit_back_in_any_size(tmp_path, suffix, width, height):
    path = tmp_path / f"film{suffix}"
    images = [picture(width, height, seed) for seed in range(4)]
    with FilmWriter(path, width, height, 10, LOSSLESS_CODEC) as film:
        assert film.lossless
        for index, image in enumerate(images):
            film.write(image, index / 10)
    for (image, at_s), index in zip(read(path), range(4), strict=True):
        assert np.array_equal(image, images[index])
        assert at_s == pytest.approx(index / 10, abs=0.001)
    capture = cv2.VideoCapture(str(path))  # another reader sees the same bits
    assert np.array_equal(capture.read()[1], images[0])


def test_irregular_times_are_kept(tmp_path):
    times = [0.0, 0.033, 0.1, 0.5, 0.533, 2.0]
    for suffix in (".mkv", ".mp4"):
        with FilmWriter(tmp_path / f"film{suffix}", 64, 48, 30) as film:
            for at_s in times:
                film.write(picture(64, 48), at_s)
        assert [at for _, at in read(tmp_path / f"film{suffix}")] == pytest.approx(times, abs=0.001)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (65, 47), (64, 47)])
def test_odd_sizes_are_lengthened_by_the_last_pixel_never_cut(tmp_path, width, height):
    image = np.asarray(cv2.resize(picture(4, 4, 1), (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
    with FilmWriter(tmp_path / "film.mkv", width, height, 10) as film:
        film.write(image, 0)
    stored = film.stored_size
    assert stored == (width + width % 2, height + height % 2)
    got = read(tmp_path / "film.mkv")[0][0]
    assert got.shape == (stored[1], stored[0], 3)
    expected = cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    assert np.abs(got.astype(int) - expected).mean() < 25


def test_recorded_colours_are_those_of_the_picture(tmp_path):
    """A conversion by the wrong standard would shift saturated reds, which is what tissue is."""
    colours = [(40, 40, 200), (60, 90, 220), (200, 160, 150), (10, 10, 10), (250, 250, 250)]
    with FilmWriter(tmp_path / "film.mp4", 1280, 720, 10) as film:
        for index, colour in enumerate(colours):
            film.write(np.full((720, 1280, 3), colour, np.uint8), index / 10)
    for (image, _), colour in zip(read(tmp_path / "film.mp4"), colours, strict=True):
        assert np.abs(image.mean(axis=(0, 1)) - colour).max() < 4


_WRITE_FOREVER = """
import sys
import numpy as np
from pathlib import Path
from vision.offline.film import FilmWriter
film = FilmWriter(Path(sys.argv[1]), 320, 240, 30)
rng = np.random.default_rng(0)
for index in range(100_000):
    film.write(rng.integers(0, 256, (240, 320, 3), dtype=np.uint8), index / 30)
    if index == 100:
        print("written", flush=True)
        sys.stdin.readline()  # hold still with 101 pictures given
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_a_kill_costs_at_most_the_last_second(tmp_path, suffix):
    path = tmp_path / f"film{suffix}"
    with subprocess.Popen(
        [sys.executable, "-c", _WRITE_FOREVER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"written"
        os.kill(process.pid, signal.SIGKILL)
    with FilmReader(path) as reader:
        frames = list(reader.frames())
    assert 101 - 31 <= len(frames) <= 101
    assert frames[0][0].shape == (240, 320, 3)


def test_what_cannot_be_written_is_said(tmp_path):
    with pytest.raises(FilmError, match=r"must end in"):
        FilmWriter(tmp_path / "film.txt", 64, 48, 10)
    with pytest.raises(FilmError, match="nosuchcodec"):
        FilmWriter(tmp_path / "film.mkv", 64, 48, 10, codec="nosuchcodec")
    assert not (tmp_path / "film.mkv").exists()
    with pytest.raises(OSError, match="No such file"):
        FilmWriter(tmp_path / "gone" / "film.mkv", 64, 48, 10)
    with FilmWriter(tmp_path / "film.mkv", 64, 48, 10) as film:
        film.write(picture(64, 48), 1.0)
        with pytest.raises(FilmError, match="64x48"):
            film.write(picture(32, 48), 1.1)
        with pytest.raises(FilmError, match="after a later one"):
            film.write(picture(64, 48), 0.5)
    film.close()
    with pytest.raises(FilmError, match="closed"):
        film.write(picture(64, 48), 2.0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_the_systems_own_error(tmp_path):
    path = tmp_path / "film.mkv"
    path.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):  # noqa: PT012 - at which write the buffer is full is not ours
        film = FilmWriter(path, 320, 240, 30, LOSSLESS_CODEC)
        try:
            for index in range(50):
                film.write(picture(320, 240, index), index / 30)
        finally:
            film.close()


def test_a_film_without_a_picture_closes(tmp_path):
    FilmWriter(tmp_path / "empty.mkv", 64, 48, 10).close()


def test_metadata_of_the_colours_is_in_the_file(tmp_path):
    with FilmWriter(tmp_path / "film.mkv", 64, 48, 10) as film:
        film.write(picture(64, 48), 0)
    with av.open(str(tmp_path / "film.mkv")) as container:
        assert next(container.decode(video=0)).colorspace == 6  # BT.601, as it was converted
