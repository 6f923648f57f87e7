"""`enhance` on films and folders: bits, names, counts, and refusals before anything is written."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from vision.frames import Action, EnhancedFrame, Frame, SourceError
from vision.offline.enhance import OfflineError, enhance_path
from vision.offline.film import LOSSLESS_CODEC, FilmWriter
from vision.offline.reader import FilmReader
from vision.opencv import cv2

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


class EveryThird:
    """Calls every third frame blurred and brightens it, leaves one raw, passes the others."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []

    def process(self, frame: Frame) -> EnhancedFrame:
        assert not frame.image.flags.writeable
        self.frames.append(frame)
        cost = {"sharpness": 1.0, "total": 2.0}
        if frame.id % 3 == 2:
            return EnhancedFrame(frame, 255 - frame.image, Action.DEBLURRED, 0.1, "liver", 0.9, timings_ms=cost)
        if frame.id == 4:
            return EnhancedFrame(frame, frame.image, Action.RAW, 0.2, None, 0.1, reason="too dark", timings_ms=cost)
        return EnhancedFrame(frame, frame.image, Action.PASSED, 0.9, "liver", 0.9, timings_ms=cost)


def picture(width: int, height: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def save(path: Path, image: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())


def film(path: Path, count: int = 9, width: int = 64, height: int = 48) -> Path:
    with FilmWriter(path, width, height, 10, LOSSLESS_CODEC, crash_safe=False) as out:
        for index in range(count):
            out.write(picture(width, height, index), index / 10)
    return path


def frames(path: Path) -> list[tuple[np.ndarray, float]]:
    with FilmReader(path) as reader:
        return list(reader.frames())


@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".avi", ".mov"])
def test_a_films_clear_frames_come_out_bit_for_bit_and_in_time(tmp_path, suffix):
    src, dst = film(tmp_path / "in.mkv", width=63, height=47), tmp_path / "new" / f"out{suffix}"
    before = src.read_bytes()
    seen: list[tuple[int, int | None]] = []
    report = enhance_path(src, dst, EveryThird(), progress=lambda done, total: seen.append((done, total)))
    assert src.read_bytes() == before
    for (got, got_s), (was, was_s), index in zip(frames(dst), frames(src), range(9), strict=True):
        assert np.array_equal(got, 255 - was if index % 3 == 2 else was)
        assert got_s == pytest.approx(was_s, abs=0.002)
    assert (report.frames_in, report.frames_out, report.passed, report.deblurred, report.raw) == (9, 9, 5, 3, 1)
    assert report.raw_reasons == {"too dark": 1}
    assert report.regions == {"liver": 8, "unknown": 1}
    assert report.complete
    assert seen[-1][0] == 9
    facts = json.loads(json.dumps(report.as_json()))
    assert facts["stage_ms"]["total"] == {"median": 2.0, "p99": 2.0, "frames": 9}
    assert "9 of 9 frames" in str(report)


def test_a_lossy_film_keeps_the_pixels_that_it_decodes_to(tmp_path):
    src = tmp_path / "in.avi"
    with av.open(str(src), "w") as out:
        stream = out.add_stream("mpeg4", rate=2)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for index in range(4):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture(64, 48, index), format="bgr24")))
        out.mux(stream.encode(None))
    enhance_path(src, tmp_path / "out.mkv", EveryThird())
    a, b = cv2.VideoCapture(str(src)), cv2.VideoCapture(str(tmp_path / "out.mkv"))
    for index in range(4):
        was, got = a.read()[1], b.read()[1]
        assert np.array_equal(got, 255 - was if index == 2 else was)


class Inverts(EveryThird):
    """Calls every frame blurred."""

    def process(self, frame: Frame) -> EnhancedFrame:
        self.frames.append(frame)
        return EnhancedFrame(frame, 255 - frame.image, Action.DEBLURRED, 0.1, None, 0.0)


def test_the_pictures_of_a_folder_keep_place_name_and_size(tmp_path):
    src, dst = tmp_path / "in", tmp_path / "out"
    sizes = {"a10.png": (31, 17), "a9.bmp": (1, 1), "b.jpg": (64, 48), "sub/a9.png": (8, 9), "z.png": (5, 5)}
    for seed, (name, (w, h)) in enumerate(sizes.items()):
        save(src / name, picture(w, h, seed))
    dst.mkdir()  # an empty folder is welcome
    enhancer = EveryThird()
    report = enhance_path(src, dst, enhancer)
    order = ["a9.bmp", "a10.png", "b.jpg", "sub/a9.png", "z.png"]
    assert [f.image.shape[1::-1] for f in enhancer.frames] == [sizes[name] for name in order]
    assert [f.id for f in enhancer.frames] == list(range(5))
    written = sorted(p.relative_to(dst).as_posix() for p in dst.rglob("*") if p.is_file())
    assert written == sorted(order)
    for index, name in enumerate(order):
        if index % 3 != 2:
            assert (dst / name).read_bytes() == (src / name).read_bytes()
            continue
        was, got = (cv2.imread(str(folder / name)) for folder in (src, dst))
        assert np.abs((255 - was.astype(int)) - got).max() <= 4, "JPEG again"
    assert report.notes == ("b.jpg is JPEG again, of quality 100: off by a few grey levels",)
    assert report.complete
    assert report.frames_out == 5


KINDS = {
    "8-bit colour": ((11, 17, 3), np.uint8),
    "16-bit colour": ((11, 17, 3), np.uint16),
    "8-bit grey": ((11, 17), np.uint8),
    "16-bit grey": ((11, 17), np.uint16),
    "8-bit alpha": ((11, 17, 4), np.uint8),
    "16-bit alpha": ((11, 17, 4), np.uint16),
}


def stored(path: Path) -> np.ndarray:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_UNCHANGED))


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_keep_depth_grey_and_alpha(tmp_path, kind):
    shape, depth = KINDS[kind]
    for index in range(5):  # number 2 is deblurred, number 4 left raw
        pixels = np.random.default_rng(index).integers(0, np.iinfo(depth).max, shape, depth, endpoint=True)
        save(tmp_path / "in" / f"{index}.png", pixels)
    enhancer = EveryThird()
    report = enhance_path(tmp_path / "in", tmp_path / "out", enhancer)
    for index in (0, 1, 3, 4):
        was, got = ((tmp_path / folder / f"{index}.png").read_bytes() for folder in ("in", "out"))
        assert was == got

    was, got = (stored(tmp_path / folder / "2.png") for folder in ("in", "out"))
    assert (got.dtype, got.shape) == (depth, shape)
    change = 255 - 2 * enhancer.frames[2].image.astype(int)  # what `EveryThird` did to it
    step = 257 if depth is np.uint16 else 1
    colour = np.dstack([was] * 3) if was.ndim == 2 else was[..., :3]
    expected = np.clip(colour + step * change, 0, np.iinfo(depth).max)
    assert np.array_equal(np.dstack([got] * 3) if got.ndim == 2 else got[..., :3], expected)
    if shape[2:] == (4,):
        assert np.array_equal(got[..., 3], was[..., 3])
    assert report.notes == ()


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
@pytest.mark.parametrize("orientation", [0, 1, 2, 3, 4, 5, 6, 7, 8])
def test_a_picture_that_lies_on_its_side_is_judged_and_written_upright(tmp_path, suffix, orientation):
    """PNGs of cameras may carry the turn and alpha at once; what is deblurred carries no turn any more."""
    exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" + bytes([orientation]) + b"\0\0\0\0\0\0"
    pixels = np.random.default_rng(1).integers(0, 256, (16, 24, 3 if suffix == ".jpg" else 4), dtype=np.uint8)
    data = cv2.imencodeWithMetadata(suffix, pixels, [cv2.IMAGE_METADATA_EXIF], [np.frombuffer(exif, np.uint8)])[1]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"a{suffix}").write_bytes(data.tobytes())
    enhance_path(tmp_path / "in", tmp_path / "copied", EveryThird())
    assert (tmp_path / "copied" / f"a{suffix}").read_bytes() == data.tobytes()
    enhancer = Inverts()
    enhance_path(tmp_path / "in", tmp_path / "out", enhancer)
    upright = np.asarray(cv2.imread(str(tmp_path / "in" / f"a{suffix}")))  # OpenCV turns colour pictures itself
    assert upright.shape[:2] == ((24, 16) if orientation >= 5 else (16, 24))
    assert np.array_equal(enhancer.frames[0].image, upright)
    got = stored(tmp_path / "out" / f"a{suffix}")
    if suffix == ".jpg":
        assert np.abs((255 - upright.astype(int)) - got).max() <= 4
    elif suffix == ".png":
        assert np.array_equal(got[..., :3], 255 - upright)
        turned = {3: np.rot90(pixels, 2), 6: np.rot90(pixels, -1), 8: np.rot90(pixels)}.get(orientation, pixels)
        assert orientation in (2, 4, 5, 7) or np.array_equal(got[..., 3], turned[..., 3])
    assert np.asarray(cv2.imread(str(tmp_path / "out" / f"a{suffix}"))).shape == upright.shape, "no turn is left in it"


def test_what_a_deblurred_picture_could_not_keep_is_named(tmp_path):
    save(tmp_path / "in" / "a.png", picture(8, 8))
    shades = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    save(tmp_path / "in" / "b.tiff", shades)
    alpha = cv2.imencode(".png", np.dstack([picture(8, 8), np.arange(64, dtype=np.uint8).reshape(8, 8)]))[1]
    (tmp_path / "in" / "c.jpg").write_bytes(alpha.tobytes())  # a PNG by another name
    save(tmp_path / "in" / "d.jpg", picture(8, 8))
    save(tmp_path / "in" / "e.jpeg", picture(8, 8))
    report = enhance_path(tmp_path / "in", tmp_path / "out", Inverts())
    told = sorted([*report.notes, *(f"{name} {why}" for name, why in report.skipped)])
    assert len(told) == 3
    assert told[0].startswith("b.tiff ")
    assert told[1] == "c.jpg is written as PNG: JPG cannot hold it"
    assert told[2].startswith("d.jpg and 1 more: is JPEG again")
    assert np.array_equal(stored(tmp_path / "out" / "c.jpg.png")[..., 3], np.arange(64).reshape(8, 8))


@pytest.mark.parametrize("name", ["film.mkv", "film.MP4", "film.webm"])
def test_a_folder_does_not_become_a_folder_called_like_a_film(tmp_path, name):
    save(tmp_path / "in" / "a.png", picture(8, 8))
    with pytest.raises(OfflineError, match=r"names a film.* written into a folder"):
        enhance_path(tmp_path / "in", tmp_path / "new" / name, EveryThird())
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


def test_a_broken_picture_is_reported_and_the_others_are_done(tmp_path):
    src = tmp_path / "in"
    for index in range(4):
        save(src / f"{index}.png", picture(20, 20, index))
    (src / "1.png").write_bytes(b"\x89PNG broken")
    report = enhance_path(src, tmp_path / "out", EveryThird())
    assert not report.complete
    assert (report.frames_in, report.frames_out) == (4, 3)
    assert report.as_json()["skipped"][0]["name"] == "1.png"
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["0.png", "2.png", "3.png"]


def test_a_cut_off_film_gives_what_there_is(tmp_path):
    src = film(tmp_path / "in.avi", 30)
    src.write_bytes(src.read_bytes()[: src.stat().st_size // 2])
    report = enhance_path(src, tmp_path / "out.mkv", EveryThird())
    assert not report.complete
    assert "cut off" in report.damage
    assert "cut off" in str(report)
    assert 10 <= report.frames_out < 30
    assert len(frames(tmp_path / "out.mkv")) == report.frames_out


def test_same_name_but_for_case_is_refused_before_anything_is_written(tmp_path):
    """Some file systems would write both into one file."""
    save(tmp_path / "in" / "a.png", picture(8, 8))
    save(tmp_path / "in" / "A.png", picture(8, 8))
    with pytest.raises(OfflineError, match=r"rename one of them"):
        enhance_path(tmp_path / "in", tmp_path / "out", EveryThird())
    assert not (tmp_path / "out").exists()


def test_what_exists_is_not_overwritten_unless_allowed_and_the_source_never(tmp_path):
    src = film(tmp_path / "in.mkv")
    other = tmp_path / "other.mkv"
    other.write_bytes(b"precious")
    with pytest.raises(OfflineError, match="--overwrite"):
        enhance_path(src, other, EveryThird())
    assert other.read_bytes() == b"precious"
    enhance_path(src, other, EveryThird(), overwrite=True)
    assert len(frames(other)) == 9
    with pytest.raises(OfflineError, match="source itself"):
        enhance_path(src, src, EveryThird(), overwrite=True)

    save(tmp_path / "in" / "a.png", picture(8, 8))
    save(tmp_path / "full" / "b.png", picture(8, 8))
    with pytest.raises(OfflineError, match="--overwrite"):
        enhance_path(tmp_path / "in", tmp_path / "full", EveryThird())
    for inside in (tmp_path / "in", tmp_path / "in" / "out"):
        with pytest.raises(OfflineError, match="outside"):
            enhance_path(tmp_path / "in", inside, EveryThird(), overwrite=True)
    assert [p.name for p in (tmp_path / "in").iterdir()] == ["a.png"]


def test_what_does_not_fit_is_refused(tmp_path):
    src = film(tmp_path / "in.mkv")
    save(tmp_path / "in" / "a.png", picture(8, 8))
    with pytest.raises(OfflineError, match="kind of film"):
        enhance_path(src, tmp_path / "out.gif", EveryThird())
    with pytest.raises(OfflineError, match="is a folder"):
        enhance_path(src, tmp_path / "in", EveryThird())
    (tmp_path / "list").write_text("no folder")
    with pytest.raises(OfflineError, match="is a file"):
        enhance_path(tmp_path / "in", tmp_path / "list", EveryThird(), overwrite=True)
    with pytest.raises(OfflineError, match="doesn't exist"):
        enhance_path(tmp_path / "gone", tmp_path / "out.mkv", EveryThird())
    (tmp_path / "text.mkv").write_text("no film")
    with pytest.raises(SourceError, match="cannot be read as a film"):
        enhance_path(tmp_path / "text.mkv", tmp_path / "out.mkv", EveryThird())
    with pytest.raises(SourceError, match="single picture"):
        enhance_path(tmp_path / "in" / "a.png", tmp_path / "out.mkv", EveryThird())
    assert not (tmp_path / "out.mkv").exists()


def film_with_sound(path: Path, count: int = 20) -> Path:
    with av.open(str(path), "w") as out:
        video, audio = out.add_stream("mpeg4", rate=10), out.add_stream("aac", rate=48000)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for index in range(count):
            out.mux(video.encode(av.VideoFrame.from_ndarray(picture(64, 48, index), format="bgr24")))
            tone = np.sin(np.arange(4800) * 0.05 + index)[None].astype(np.float32)
            sound = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = 48000, index * 4800, Fraction(1, 48000)
            out.mux(audio.encode(sound))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    return path


@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_the_sound_is_copied(tmp_path, suffix):
    src = film_with_sound(tmp_path / "in.mp4")
    report = enhance_path(src, tmp_path / f"out{suffix}", EveryThird())
    assert report.complete
    assert report.notes == ()

    def sound(path: Path) -> list[bytes]:
        with av.open(str(path)) as container:
            return [bytes(p) for p in container.demux(audio=0) if p.size]

    was, got = sound(src), sound(tmp_path / f"out{suffix}")
    assert abs(len(was) - len(got)) <= 1  # the coder's run-in lies before the first picture
    assert got == was[-len(got) :]
    assert len(frames(tmp_path / f"out{suffix}")) == 20


def test_a_cut_off_film_with_sound_is_noticed_too(tmp_path):
    src = film_with_sound(tmp_path / "in.mkv", 60)
    src.write_bytes(src.read_bytes()[: src.stat().st_size // 2])
    report = enhance_path(src, tmp_path / "out.mkv", EveryThird())
    assert "cut off" in report.damage
    assert report.frames_out == len(frames(tmp_path / "out.mkv")) >= 20


@pytest.mark.footage
@pytest.mark.skipif(not DATA.is_dir(), reason=f"no footage in {DATA}")
def test_every_frame_of_real_clips_is_accounted_for(tmp_path):
    for clip in sorted((DATA / "hysterectomy").glob("*.avi")):
        dst = tmp_path / f"{clip.stem}.mkv"
        report = enhance_path(clip, dst, EveryThird())
        assert report.complete
        assert report.frames_in == report.frames_out == 50 == report.passed + report.deblurred + report.raw
        was, got = frames(clip), frames(dst)
        assert all(np.array_equal(a[0], b[0]) for i, (a, b) in enumerate(zip(was, got, strict=True)) if i % 3 != 2)
