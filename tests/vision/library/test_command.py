"""`main.py library`: build, list and check on folders as a user makes them, and as a user gets them wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from app.cli import main
from vision import runtime
from vision.enhance import Enhancer
from vision.frames import Frame
from vision.library_build import MINIMUM_PICTURES
from vision.models.fusion import Fusion
from vision.settings import WeightsError

ROOT = Path(__file__).resolve().parents[3]
MODELS = ROOT / "resources" / "models"
THREE = ["Leber", "Darm rosa", "脾"]


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def build(folder, out, *more):
    return main(["library", "build", str(folder), "--out", str(out), *more])


def test_a_library_is_built_listed_and_finds_other_pictures_of_its_regions(folders, tmp_path, capsys):
    assert build(folders("regions", THREE, operations=3), tmp_path / "out") == 0
    told = capsys.readouterr().out
    assert "each operation left out in turn" in told
    assert "balanced accuracy" in told
    assert "unknown below" in told
    assert main(["library", "list", "--library", str(tmp_path / "out")]) == 0
    listed = capsys.readouterr().out
    for region in THREE:
        assert region in listed
    card = json.loads((tmp_path / "out" / "library.json").read_text())
    for fact in (card["sha256"], card["region_sha256"], card["built"]):
        assert fact in listed
    assert str(tmp_path) not in json.dumps(card)  # no path of the machine
    others = folders("others", THREE, count=4, first=5000)
    assert main(["library", "check", str(others), "--library", str(tmp_path / "out")]) == 0
    table = capsys.readouterr().out
    share = float(table.split("balanced accuracy ")[1].split()[0])
    assert share >= 0.75, table


def test_a_region_is_added_by_pictures_alone_and_the_enhanced_view_finds_it(folders, tmp_path, draw, capsys):
    guest = draw("chessboard", 901)

    def seen(library):
        weights = runtime.load(MODELS, library)
        enhancer = Enhancer(weights)
        result = enhancer.process(Frame(0, 0.0, guest))
        enhancer.close()
        return result.region, weights.generators.informed.fusion

    assert build(folders("before", THREE, operations=3), tmp_path / "old") == 0
    assert build(folders("after", [*THREE, "chessboard"], operations=3), tmp_path / "new") == 0
    assert seen(tmp_path / "old")[0] != "chessboard"
    region, fusion = seen(tmp_path / "new")
    assert region == "chessboard"
    # The generator has never heard of it: it fuses as for an unknown region.
    assert fusion.row(region) == fusion.row(None) == len(fusion.regions)


def test_a_region_unknown_to_the_generator_is_fused_by_the_row_of_the_unknown():
    fusion = Fusion(["bowel", "liver"])
    with torch.no_grad():
        fusion.own.copy_(torch.tensor([[3.0, 0, 0], [0, 3.0, 0], [0, 0, 3.0]]))
    layers = [torch.full((1, 1, 2, 2), value) for value in (1.0, 2.0, 3.0)]
    by = {
        name: float(fusion(layers, torch.tensor([fusion.row(name)])).detach().mean())
        for name in ("bowel", "spleen", None)
    }
    assert by["spleen"] == by[None] > 2.7
    assert by["bowel"] < 1.3


def test_broken_pictures_are_left_out_and_named(folders, tmp_path, capsys):
    folder = folders("regions", THREE)
    broken = folder / "Leber" / "broken ü.jpg"
    broken.write_bytes(b"\xff\xd8 no picture")
    (folder / "Leber" / "dark.png").write_bytes(_png(np.zeros((100, 100, 3), np.uint8)))
    (folder / "notes.txt").write_text("beside the regions")
    assert build(folder, tmp_path / "out") == 0
    said = capsys.readouterr()
    assert "broken ü.jpg: is no JPG picture" in said.err
    assert "dark.png: nothing to judge: the picture is dark" in said.err
    assert "notes.txt" in said.err
    assert "each picture left out in turn" in said.out
    assert "folder of its own" in said.out  # how to do better


def _png(picture):
    import cv2

    return cv2.imencode(".png", picture)[1].tobytes()


def test_too_few_pictures_are_refused_with_the_number_needed_and_the_old_library_stays(folders, tmp_path, capsys):
    out = tmp_path / "out"
    assert build(folders("good", THREE), out) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    few = folders("few", THREE, count=MINIMUM_PICTURES)
    next((few / "脾").iterdir()).write_bytes(b"")
    capsys.readouterr()
    assert build(few, out) == 1
    said = capsys.readouterr().err
    assert f"脾 has {MINIMUM_PICTURES - 1}" in said
    assert f"at least {MINIMUM_PICTURES}" in said
    assert "is empty" in said  # the picture that was left out
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_what_is_no_folder_of_regions_is_said_plainly(folders, tmp_path, capsys):
    empty = folders("empty region", ["Leber"])
    (empty / "nothing here").mkdir()
    bare = tmp_path / "bare"
    bare.mkdir()
    file = tmp_path / "file.png"
    file.write_bytes(b"x")
    unknown = folders("reserved", ["Leber"])
    (unknown / "Leber").rename(unknown / "unknown")
    for folder, words in (
        (tmp_path / "none", "it is not there"),
        (file, "it is a file"),
        (bare, "found no folder in it"),
        (empty, "nothing here: a region without pictures"),
        (unknown, "rename the folder"),
    ):
        assert build(folder, tmp_path / "out") == 1
        said = capsys.readouterr().err
        assert said.startswith("library: ")
        assert words in said
        assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_an_output_that_cannot_be_written_is_said(folders, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert build(folders("regions", THREE), tmp_path / "file") == 1
    assert "cannot be written" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "in the way"


def test_bad_arguments_are_usage_errors(tmp_path):
    for words in ([], ["build", str(tmp_path)], ["build", str(tmp_path), "--out", "x", "--per-region", "0"]):
        with pytest.raises(SystemExit) as left:
            main(["library", *words])
        assert left.value.code == 2


def test_per_region_bounds_the_prototypes(folders, tmp_path, capsys):
    assert build(folders("regions", THREE), tmp_path / "out", "--per-region", "4") == 0
    found, _ = runtime.read_library(tmp_path / "out")
    assert found.embeddings.shape == (12, 64)


def test_regions_that_the_library_lacks_are_right_when_unknown(folders, tmp_path, capsys):
    assert build(folders("regions", THREE, operations=3), tmp_path / "out") == 0
    capsys.readouterr()
    guests = folders("guests", ["Leber", "chessboard"], first=7000)
    assert main(["library", "check", str(guests), "--library", str(tmp_path / "out")]) == 0
    assert "only 'unknown' is right for them: chessboard" in capsys.readouterr().out


def test_a_library_of_other_weights_is_refused(folders, tmp_path, capsys):
    out = tmp_path / "out"
    assert build(folders("regions", THREE), out) == 0
    card = json.loads((out / "library.json").read_text())
    (out / "library.json").write_text(json.dumps({**card, "region_sha256": "0" * 64}))
    with pytest.raises(WeightsError, match=r"other weights of the region network.*library build"):
        runtime.load(MODELS, out)
    (out / "library.json").write_text(json.dumps({**card, "architecture": {"regions": ["a"], "limits": [0.5]}}))
    with pytest.raises(WeightsError, match="does not fit together"):
        runtime.load(MODELS, out)
    shutil.rmtree(out)
    assert main(["library", "list", "--library", str(out)]) == 1
    assert "missing" in capsys.readouterr().err
