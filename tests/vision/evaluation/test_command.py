"""The command `evaluate` from end to end: on a data folder, on films and pictures, and on what cannot be read."""

from __future__ import annotations

import argparse
import json
import re

import av
import cv2
import numpy as np
import pytest

from vision import runtime
from vision.evaluation import cli
from vision.peers.peer import PEERS, trainable_here
from vision.training import sharpness_figures


def run(*words):
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)
    return cli.run(parser.parse_args([str(word) for word in words]))


@pytest.fixture(scope="module")
def peers(tmp_path_factory):
    """Untrained peers: their figures are worthless, their way through the evaluation is not."""
    folder = tmp_path_factory.mktemp("peers")
    for name in PEERS:
        network = trainable_here(name)
        card = {"architecture": network.architecture, "side_px": 192}
        runtime.write(folder, name, runtime.arrays_of(network), card)
    return folder


def test_a_data_folder_comes_to_tables_json_markdown_and_sheets(data_folder, peers, tmp_path, capsys):
    out, page, sheets = tmp_path / "deep" / "figures.json", tmp_path / "figures.md", tmp_path / "sheets"
    words = ["--only", "generator", "--only", "region", "--sequences", "3", "--size", "320x240", "--seed", "3"]
    assert run(data_folder, *words, "--peers", peers, "--json", out, "--markdown", page, "--sheet", sheets) == 0
    table = capsys.readouterr().out
    assert max(len(line) for line in table.splitlines() if not line.startswith("picture sheets")) <= 100
    figures = json.loads(out.read_text())
    generator = figures["generator"]
    assert generator["sequences"] == 3
    assert generator["peers_missing"] == []
    assert set(PEERS) <= set(generator["groups"]["all blurred"]["psnr_gain_db"])
    assert set(figures["weights"]) == {"sharpness", "region", "generator", "blind", "library"}
    gain = generator["groups"]["all blurred"]["psnr_gain_db"]["fused"]
    assert f"{gain:+.2f}" in table
    assert f"| {gain:+.2f} |" in page.read_text()
    assert figures["region"]["confusion"]["bowel"]
    assert any(goal["goal"].startswith("above NAFNet") and goal["met"] is not None for goal in figures["goals"])
    assert "verdict" in table
    assert "keep them out of the repository" in table
    pictures = [cv2.imread(str(path)) for path in sheets.glob("*.png")]
    assert len(pictures) >= 3
    assert all(picture.shape[1] > 1000 and picture.std() > 20 for picture in pictures)


def test_sharpness_says_areas_and_shares(data_folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sharpness_figures, "PHANTOM_SEEDS", {"val": range(200, 201)})
    monkeypatch.setattr(sharpness_figures, "GAINS_DB", (0.0,))
    monkeypatch.setattr(sharpness_figures, "LIGHTS", (1.0,))
    monkeypatch.setattr(sharpness_figures, "SHAKES_PX", (4.0, 20.0))
    monkeypatch.setattr(sharpness_figures, "RADII_PX", (3.0,))
    assert run(data_folder, "--only", "sharpness", "--json", tmp_path / "figures.json") == 0
    figures = json.loads((tmp_path / "figures.json").read_text())["sharpness"]
    assert figures["auc"]["auc_together"] is not None
    assert figures["auc"]["auc_larynx"] is None  # there is none in this folder
    assert any(row["kind"] == "straight" and row["size_px"] == 20.0 for row in figures["shares"])
    assert "Laplacian" in capsys.readouterr().out


def film(path, frames=24, blurred=range(8, 14)):
    """A scope that glides over tissue and shakes for a while."""
    wide = tissue(7, size=(640, 400))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 400, 304, "yuv420p"
        stream.options = {"crf": "16", "g": "6"}
        for index in range(frames):
            view = np.ascontiguousarray(wide[40 : 40 + 304, 3 * index : 3 * index + 400])
            if index in blurred:
                view = cv2.blur(view, (19, 3))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(view, format="bgr24")))
        container.mux(stream.encode(None))
    return path


def tissue(seed, size):
    width, height = size
    rng = np.random.default_rng(seed)
    picture = np.full((height, width, 3), (90.0, 100.0, 150.0), np.float32)
    for cell in (2, 5, 13, 47):
        rough = rng.normal(0, 1, (height // cell + 2, width // cell + 2, 3)).astype(np.float32)
        picture += cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC) * 4 * cell**0.4
    return np.clip(picture, 25, 255).astype(np.uint8)


def test_a_film_is_told_frame_by_frame_without_truth(tmp_path, capsys):
    path, out = film(tmp_path / "shaky.mkv"), tmp_path / "figures.json"
    assert run(path, "--json", out, "--markdown", tmp_path / "page.md") == 0
    table = capsys.readouterr().out
    assert "no truth is known" in table
    figures = json.loads(out.read_text())
    assert figures["kind"] == "film"
    assert figures["frames_read"] == len(figures["frames"]) == 24
    assert sum(figures["actions"].values()) == 24
    shaken = [figures["frames"][index] for index in range(8, 14)]
    assert all(frame["action"] == "deblurred" for frame in shaken)
    assert sum(frame["changed_bits"] for frame in shaken) > 0
    assert figures["blur_effect_after"] < figures["blur_effect_before"]
    assert figures["changed_bits_of_passed"] == 0
    assert figures["steps"] >= 7
    assert figures["warping_error_after"] > 0
    assert figures["milliseconds"]["deblurred"]["median"] > 0
    assert figures["damage"] == ""


def test_a_film_that_ends_in_the_middle_is_judged_as_far_as_it_goes(tmp_path, capsys):
    path = film(tmp_path / "whole.mkv", frames=30)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    assert run(cut, "--json", tmp_path / "figures.json") == 0
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert 5 < figures["frames_read"] < 30
    assert "cut off" in figures["damage"]
    assert "damaged: " in capsys.readouterr().out


def test_broken_pictures_of_a_folder_are_named_and_counted(tmp_path, capsys):
    for index in range(3):
        cv2.imwrite(str(tmp_path / f"{index}.png"), tissue(index, (320, 240)))
    (tmp_path / "3.png").write_bytes((tmp_path / "2.png").read_bytes()[:2000])
    (tmp_path / "4.jpg").write_text("no picture")
    cv2.imwrite(str(tmp_path / "5.png"), np.zeros((240, 320, 3), np.uint8))
    cv2.imwrite(str(tmp_path / "6.png"), tissue(9, (60, 50)))
    out = tmp_path / "figures.json"
    assert run(tmp_path, "--json", out) == 0
    figures = json.loads(out.read_text())
    assert figures["kind"] == "folder"
    assert figures["frames_read"] == 5
    assert [each["name"] for each in figures["skipped"]] == ["3.png", "4.jpg"]
    assert figures["actions"]["raw"] >= 1
    assert any("dark" in reason for reason in figures["raw_reasons"])
    text = capsys.readouterr().out
    assert "5 of 7" in text
    assert "skipped: 3.png is cut off" in text


def test_a_single_picture(tmp_path, capsys):
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), tissue(4, (320, 240)))
    assert run(path) == 0
    assert "still.png (picture)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "doesn't exist"),
        (lambda path: path.mkdir(), "holds no pictures"),
        (lambda path: path.write_bytes(b"nothing of the kind"), "cannot be read as a film"),
    ],
)
def test_what_cannot_be_looked_at_is_said(tmp_path, capsys, make, said):
    path = tmp_path / "thing"
    make(path)
    assert run(path) == 1
    assert said in capsys.readouterr().err


def test_a_picture_that_is_none_is_said(tmp_path, capsys):
    (tmp_path / "still.png").write_bytes(b"\x89PNG")
    assert run(tmp_path / "still.png") == 1
    assert "none of 1 pictures can be read; still.png is cut off" in capsys.readouterr().err


def test_a_data_folder_without_a_manifest_or_without_scenes(data_folder, tmp_path, capsys):
    assert run("--data", tmp_path) == 1
    assert f"{tmp_path / 'manifest.tsv'}: cannot be read" in capsys.readouterr().err
    lines = (data_folder / "manifest.tsv").read_text().splitlines()
    kept = [line for line in lines if "\tval\t" not in line]
    for line in kept[1:]:
        name = line.split("\t")[0]
        (tmp_path / name).write_bytes((data_folder / name).read_bytes())
    (tmp_path / "manifest.tsv").write_text("\n".join(kept) + "\n")
    assert run(tmp_path, "--only", "generator", "--sequences", "1") == 1
    assert "val" in capsys.readouterr().err


def test_weights_that_are_missing_are_named(data_folder, tmp_path, capsys):
    assert run(data_folder, "--models", tmp_path) == 1
    assert "sharpness.json: the model card is missing" in capsys.readouterr().err
    assert run(data_folder, "--only", "generator", "--peers", tmp_path) == 1
    assert "no weights of a peer" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--sheet", "x"], ["--peers", "x"], ["--only", "region"]])
def test_options_of_data_folders_are_refused_for_footage(tmp_path, capsys, words):
    assert run(tmp_path, *words) == 2
    assert "holds no manifest.tsv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--sequences", "0"], "whole number above 0"),
        (["--size", "1280"], "WIDTHxHEIGHT"),
        (["--size", "100x100"], "at least 160"),
        (["--threshold", "2"], "from 0 to 1"),
        (["--only", "all"], "invalid choice"),
        (["--json", "."], "this is a folder"),
        (["folder", "--data", "folder"], "not allowed with"),
    ],
)
def test_bad_usage_is_said_before_anything_runs(capsys, words, said):
    with pytest.raises(SystemExit) as caught:
        run(*words)
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


def test_every_option_that_the_docstring_names_exists_and_every_option_is_named():
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)
    named = set(re.findall(r"--[a-z-]+", cli.add_arguments.__doc__ or ""))
    assert named == {option for action in parser._actions for option in action.option_strings} - {"-h", "--help"}
