"""Films and folders as sources: real files of every awkward kind, read to the end."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import av
import numpy as np
import pytest

from vision.frames import EndOfSource, Picture, SourceError
from vision.opencv import cv2
from vision.sources import make_source
from vision.sources.film import FilmSource
from vision.sources.folder import FolderSource

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


def picture(width: int, height: int, seed: int = 0) -> Picture:
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (max(1, height // 16), max(1, width // 16), 3), dtype=np.uint8)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def make_film(
    path: Path, width: int = 64, height: int = 48, count: int = 10, codec: str = "mpeg4", pixels: str = "yuv420p",
    rate: int = 10, **options: str,
) -> Path:  # fmt: skip
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        for index in range(count):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture(width, height, index), format="bgr24")))
        container.mux(stream.encode(None))
    return path


def read_all(source) -> list[tuple[Picture, float | None]]:
    out = []
    source.open()
    try:
        while True:
            out.append(source.read())
    except EndOfSource:
        return out
    finally:
        source.close()


@pytest.mark.parametrize(
    ("name", "width", "height", "codec", "pixels"),
    [
        ("plain.avi", 64, 48, "mpeg4", "yuv420p"),
        ("one.mkv", 1, 1, "ffv1", "bgr0"),
        ("odd.mkv", 639, 359, "ffv1", "yuv444p"),
        ("odd420.mkv", 639, 359, "ffv1", "yuv420p"),
        ("grey.mkv", 100, 50, "ffv1", "gray"),
        ("grey10.mkv", 100, 50, "ffv1", "gray10le"),
        ("ten.mkv", 100, 50, "libx265", "yuv420p10le"),
        ("4k.mp4", 3840, 2160, "libx264", "yuv420p"),
        ("alpha.mkv", 32, 32, "ffv1", "bgra"),
        ("motion.avi", 64, 48, "mjpeg", "yuvj420p"),
    ],
)
def test_any_film_gives_bgr_pictures_of_its_size(tmp_path, name, width, height, codec, pixels):
    options = {"preset": "ultrafast"} if codec.startswith("libx26") else {}
    path = make_film(tmp_path / name, width, height, 3, codec, pixels, **options)
    source = make_source(str(path), realtime=False)
    info = source.open()
    assert (info.width, info.height, info.live) == (width, height, False)
    frames = read_all(source)
    assert len(frames) == 3
    for index, (image, _) in enumerate(frames):
        assert image.shape == (height, width, 3)
        assert image.dtype == np.uint8
        assert image.flags.c_contiguous
        expected = picture(width, height, index).astype(float)
        if "gr" in pixels and "bgr" not in pixels:
            assert np.ptp(image.astype(int), axis=2).max() <= 1
        else:
            assert np.abs(image.mean(axis=(0, 1)) - expected.mean(axis=(0, 1))).max() < 12


def test_film_times_are_the_films_own_and_a_rate_overrides_them(tmp_path):
    path = make_film(tmp_path / "film.mp4", count=5, rate=4)
    assert [at for _, at in read_all(make_source(str(path), realtime=False))] == pytest.approx(
        [0, 0.25, 0.5, 0.75, 1.0]
    )
    fast = make_source(str(path), realtime=False, frame_rate=20)
    assert fast.open().frame_rate == 20
    assert [at for _, at in read_all(fast)] == pytest.approx([0, 0.05, 0.1, 0.15, 0.2])


def test_a_film_plays_at_its_rate_and_loses_nothing_when_the_reader_is_late(tmp_path):
    path = make_film(tmp_path / "slow.avi", count=5, rate=5)
    source = make_source(str(path))
    source.open()
    began = time.monotonic()
    positions = [source.read()[1]]
    time.sleep(0.3)  # a reader that is late
    while True:
        try:
            positions.append(source.read()[1])
        except EndOfSource:
            break
    assert positions == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
    assert 0.75 < time.monotonic() - began < 1.5


def test_loop_begins_again(tmp_path):
    path = make_film(tmp_path / "loop.avi", count=3)
    source = make_source(str(path), realtime=False, loop=True)
    source.open()
    assert [source.read()[1] for _ in range(7)] == pytest.approx([0, 0.1, 0.2, 0, 0.1, 0.2, 0])
    source.close()


@pytest.mark.parametrize(("name", "codec"), [("cut.avi", "mpeg4"), ("cut.mkv", "mpeg4"), ("cut.avi", "mjpeg")])
def test_a_cut_off_film_is_played_up_to_the_cut_and_says_so(tmp_path, name, codec):
    pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    path = make_film(tmp_path / name, 320, 240, 40, codec, pixels)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    source = make_source(str(path), realtime=False)
    source.open()
    count = 0
    with pytest.raises(EndOfSource, match="cut off"):  # noqa: PT012 - reads to the end
        while True:
            source.read()
            count += 1
    assert 10 <= count < 30
    assert "cut off" in source.damage  # type: ignore[attr-defined]


def test_a_whole_film_is_not_called_damaged(tmp_path):
    for name in ("a.avi", "a.mkv", "a.mp4"):
        source = make_source(str(make_film(tmp_path / name, count=25)), realtime=False)
        assert len(read_all(source)) == 25
        assert source.damage == ""  # type: ignore[attr-defined]


def test_files_that_are_no_film_are_refused_with_what_is_needed(tmp_path):
    (tmp_path / "text.avi").write_text("this is no film " * 100)
    (tmp_path / "empty.mp4").touch()
    cut = make_film(tmp_path / "cut.mp4", 320, 240, 20)
    cut.write_bytes(cut.read_bytes()[:2000])  # an MP4 whose index was never written
    for name in ("text.avi", "empty.mp4", "cut.mp4"):
        with pytest.raises(SourceError, match=r"cannot be read as a film|doesn't say"):
            make_source(str(tmp_path / name)).open()
    with pytest.raises(SourceError, match="doesn't exist"):
        make_source(str(tmp_path / "missing.mp4")).open()


@pytest.mark.parametrize("spec", ["", "nonsense", "gopher://host/x", "device:camera", "udp://host"])
def test_bad_specs_say_what_is_accepted(spec):
    with pytest.raises(SourceError, match=r"accepted are|can be|write|needs a port"):
        make_source(spec)


def test_bad_frame_rates_are_refused():
    for rate in (0.0, -1.0, float("nan"), 1e9):
        with pytest.raises(SourceError, match="frame rate"):
            make_source("phantom", frame_rate=rate)


def save(path: Path, image: Picture) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())


def test_a_folder_is_one_sequence_in_name_order_whatever_the_sizes(tmp_path):
    sizes = {"b2.png": (30, 20), "b10.jpg": (1, 1), "a.bmp": (63, 17), "sub/c.tiff": (5, 5)}
    for name, (w, h) in sizes.items():
        save(tmp_path / name, picture(w, h))
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / ".hidden.png").write_bytes(b"x")
    save(tmp_path / "b3.png", cv2.cvtColor(picture(8, 8), cv2.COLOR_BGR2GRAY))
    source = make_source(str(tmp_path), realtime=False)
    assert isinstance(source, FolderSource)
    info = source.open()
    assert (info.width, info.height, info.frame_count, info.frame_rate) == (63, 17, 5, 2.0)
    shapes = [image.shape for image, _ in read_all(source)]
    assert shapes == [(17, 63, 3), (20, 30, 3), (8, 8, 3), (1, 1, 3), (5, 5, 3)]
    assert source.skipped == []


def test_broken_pictures_are_left_out_and_named(tmp_path):
    for name in ("1.png", "2.png", "3.jpg", "4.jpg", "6.png"):
        save(tmp_path / name, picture(200, 100))
    (tmp_path / "2.png").write_bytes((tmp_path / "2.png").read_bytes()[:-200])
    (tmp_path / "3.jpg").write_bytes((tmp_path / "3.jpg").read_bytes()[:-300])
    (tmp_path / "5.png").write_text("not a picture at all")
    (tmp_path / "5b.png").touch()
    source = make_source(str(tmp_path), realtime=False)
    assert len(read_all(source)) == 3
    assert isinstance(source, FolderSource)
    assert [name for name, _ in source.skipped] == ["2.png", "3.jpg", "5.png", "5b.png"]
    assert [("cut off" in why) for _, why in source.skipped] == [True, True, False, False]
    assert all(why for _, why in source.skipped)


def test_folders_without_a_readable_picture_are_refused(tmp_path):
    with pytest.raises(SourceError, match="holds no pictures"):
        make_source(str(tmp_path)).open()
    (tmp_path / "a.png").write_text("x")
    with pytest.raises(SourceError, match="can be read"):
        make_source(str(tmp_path)).open()
    with pytest.raises(SourceError, match="doesn't exist"):
        make_source(str(tmp_path / "gone") + "/").open()


def test_a_folder_is_paced(tmp_path):
    for index in range(4):
        save(tmp_path / f"{index}.png", picture(16, 16))
    source = make_source(str(tmp_path), frame_rate=10)
    began = time.monotonic()
    assert len(read_all(source)) == 4
    assert 0.28 < time.monotonic() - began < 1.0


@pytest.mark.footage
@pytest.mark.skipif(not DATA.is_dir(), reason=f"no footage in {DATA}")
def test_real_footage_is_read_to_its_end():
    with (DATA / "manifest.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    clips = [row for row in rows if row["path"].startswith("hysterectomy/")]
    assert clips
    for row in clips:
        source = FilmSource(DATA / row["path"], realtime=False)
        frames = read_all(source)
        assert len(frames) == int(row["frames"])
        assert all(image.shape == (int(row["height"]), int(row["width"]), 3) for image, _ in frames)
        assert [at for _, at in frames] == pytest.approx([index / 2 for index in range(len(frames))])
        assert source.damage == ""
    stills = [row for row in rows if row["path"].startswith("laparoscopy/")]
    folder = FolderSource(DATA / "laparoscopy", realtime=False)
    folder.open()
    count = 0
    try:
        while True:
            image, _ = folder.read()
            count += 1
            assert image.shape == (720, 1280, 3)
    except EndOfSource:
        pass
    assert count == len(stills)
    assert folder.skipped == []
