"""`enhance` with the real nets and files of every kind: what is kept, what is said, and what the exit code is."""

from __future__ import annotations

import json
import resource
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from app import paths
from app.cli import main
from vision.offline.film import LOSSLESS_CODEC, FilmWriter
from vision.offline.reader import FilmReader


def tissue(width: int, height: int, seed: int = 0) -> np.ndarray:
    """(height, width, 3) of soft reddish structure that moves with the seed: something to judge."""
    rng = np.random.default_rng(1)
    small = rng.normal(130, 45, (height // 8 + 9, width // 8 + 9)).astype(np.float32)
    luma = cv2.resize(small, None, fx=8, fy=8, interpolation=cv2.INTER_CUBIC)[seed : seed + height, seed : seed + width]
    return np.clip(np.dstack([luma * 0.6, luma * 0.7, luma * 1.2]), 0, 255).astype(np.uint8)


def write(
    path: Path, codec: str, pixels: str, size: tuple[int, int], count: int = 3, sounds: int = 0, **options
) -> Path:
    """A film of `tissue` with `sounds` tones."""
    with av.open(str(path), "w") as out:
        video = out.add_stream(codec, rate=10, options={key: str(value) for key, value in options.items()})
        video.width, video.height, video.pix_fmt = *size, pixels
        tones = [out.add_stream("aac", rate=48000) for _ in range(sounds)]
        for index in range(count):
            picture = av.VideoFrame.from_ndarray(tissue(*size, index), format="bgr24")
            out.mux(video.encode(picture.reformat(format=pixels)))
            for number, tone in enumerate(tones):
                wave = np.sin(np.arange(4800) * 0.03 * (number + 1))[None].astype(np.float32)
                sound = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
                sound.sample_rate, sound.pts, sound.time_base = 48000, index * 4800, Fraction(1, 48000)
                out.mux(tone.encode(sound))
        for stream in (video, *tones):
            out.mux(stream.encode(None))
    return path


def enhance(src: Path, dst: Path, *more: str) -> tuple[int, dict]:
    report = dst.with_suffix(".json")
    code = main(["enhance", str(src), str(dst), "--report", str(report), *more])
    return code, json.loads(report.read_text()) if report.exists() else {}


def pictures(path: Path) -> list[np.ndarray]:
    with FilmReader(path) as reader:
        return [image for image, _ in reader.frames()]


@pytest.mark.parametrize(
    ("codec", "pixels", "size", "note"),
    [
        ("libx264", "yuv420p", (64, 48), ""),
        ("libx264rgb", "bgr24", (641, 479), ""),
        ("libx264", "yuv420p", (4096, 2160), ""),
        ("ffv1", "gray", (320, 240), ""),
        ("ffv1", "bgra", (320, 240), "alpha channel, which is left out"),
        ("ffv1", "yuv420p10le", (320, 240), "10 bits a channel, written with 8"),
    ],
)
def test_films_of_any_size_and_kind_come_out_whole(tmp_path, codec, pixels, size, note):
    count = 1 if size[0] > 4000 else 3
    src = write(tmp_path / "in.mkv", codec, pixels, size, count)
    code, report = enhance(src, tmp_path / "out.mkv")
    assert code == 0
    assert report["frames_in"] == report["frames_out"] == count
    assert note in " ".join(report["notes"])
    assert bool(note) == bool(report["notes"])
    before, after = pictures(src), pictures(tmp_path / "out.mkv")
    assert [image.shape for image in after] == [(size[1], size[0], 3)] * count
    unchanged = sum(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert unchanged >= report["passed"] + report["raw"]["count"]
    if pixels == "gray":
        assert all((image[..., 0] == image[..., 2]).all() for image in after)


def test_an_interlaced_film_passes_as_it_is_and_says_so(tmp_path):
    src = tmp_path / "in.mkv"
    write(src, "libx264", "yuv420p", (320, 240), **{"x264-params": "interlaced=1:tff=1"})
    code, report = enhance(src, tmp_path / "out.mkv")
    assert (code, report["deblurred"], report["raw"]["count"]) == (0, 0, 3)
    assert "interlaced" in next(iter(report["raw"]["reasons"]))
    for a, b in zip(pictures(src), pictures(tmp_path / "out.mkv"), strict=True):
        assert np.array_equal(a, b)


def test_the_streams_of_a_film_with_sound_are_those_of_the_source(tmp_path):
    src = write(tmp_path / "in.mp4", "libx264", "yuv420p", (320, 240), 12, sounds=2)
    code, report = enhance(src, tmp_path / "out.mp4")
    assert code == 0
    assert report["notes"] == ["the first of 2 sound tracks is kept"]
    with av.open(str(src)) as was, av.open(str(tmp_path / "out.mp4")) as got:
        assert [stream.type for stream in got.streams] == ["video", "audio"]
        a, b = was.streams.audio[0], got.streams.audio[0]
        assert (a.codec_context.name, a.rate, a.layout.name) == (b.codec_context.name, b.rate, b.layout.name)
        assert abs(float(a.duration * a.time_base) - float(b.duration * b.time_base)) < 0.1
        assert float(got.streams.video[0].duration * got.streams.video[0].time_base) == pytest.approx(1.2, abs=0.11)


def test_a_film_that_ends_in_the_middle_gives_what_there_is_and_exit_code_1(tmp_path, capsys):
    src = write(tmp_path / "in.avi", "mjpeg", "yuvj420p", (320, 240), 30)
    src.write_bytes(src.read_bytes()[: src.stat().st_size // 2])
    code, report = enhance(src, tmp_path / "out.mkv")
    assert code == 1
    assert 5 < report["frames_out"] == len(pictures(tmp_path / "out.mkv")) < 30
    assert "cut off" in report["damage"]
    assert "cut off" in capsys.readouterr().out


def test_an_unreadable_picture_is_left_out_said_and_exit_code_1(tmp_path, capsys):
    src = tmp_path / "in"
    src.mkdir()
    for number in range(3):
        cv2.imwrite(str(src / f"{number}.png"), tissue(160, 120, number))
    (src / "1.png").write_bytes((src / "1.png").read_bytes()[:900])
    code, report = enhance(src, tmp_path / "out")
    assert code == 1
    assert report["skipped"] == [{"name": "1.png", "why": "is cut off: a PNG without its end"}]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["0.png", "2.png"]
    assert "1.png is cut off" in capsys.readouterr().out


@pytest.mark.parametrize("key", ["input_contract", "net", "card_version"])
def test_weights_of_another_net_or_version_are_refused_before_anything_is_written(tmp_path, capsys, key):
    models = tmp_path / "models"
    shutil.copytree(paths.models(), models)
    shutil.copytree(paths.models().parent / "library", tmp_path / "library")
    card = json.loads((models / "sharpness.json").read_text())
    card[key] = 99 if key == "card_version" else "another"
    (models / "sharpness.json").write_text(json.dumps(card))
    src = write(tmp_path / "in.mkv", "ffv1", "gray", (64, 48))
    code, _ = enhance(src, tmp_path / "out.mkv", "--models", str(models))
    said = capsys.readouterr().err
    assert code == 2
    assert f"{models / 'sharpness.json'}: {key} expected" in said
    assert not (tmp_path / "out.mkv").exists()


@pytest.fixture
def little_room() -> Iterator[None]:
    """No file may grow past 100 kB: writing then fails as on a full disk, with an error of the system."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_film_that_cannot_be_written_leaves_what_stood_there(tmp_path, capsys, request):
    src = tmp_path / "in.mkv"
    with FilmWriter(src, 320, 240, 10, LOSSLESS_CODEC) as film:
        for index in range(6):
            noise = np.random.default_rng(index).integers(0, 256, (240, 320, 3), dtype=np.uint8)
            film.write(noise, index / 10)
    before = tmp_path / "out.mkv"
    before.write_bytes(b"the last one")
    request.getfixturevalue("little_room")
    code, _ = enhance(src, before, "--overwrite")
    assert code == 1
    assert "writing failed" in (said := capsys.readouterr().err)
    assert "File too large" in said
    assert before.read_bytes() == b"the last one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.mkv", "out.mkv"]


def test_a_picture_that_cannot_be_written_leaves_no_torn_one(tmp_path, capsys, request):
    src = tmp_path / "in"
    src.mkdir()
    cv2.imwrite(str(src / "0.png"), tissue(64, 48))
    cv2.imwrite(str(src / "1.png"), np.random.default_rng(0).integers(0, 256, (240, 320, 3), dtype=np.uint8))
    request.getfixturevalue("little_room")
    code, _ = enhance(src, tmp_path / "out")
    assert code == 1
    assert "writing failed" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["0.png"]
