"""Weights that are not what the program was built for are refused with file, expectation, finding and remedy."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from vision import runtime
from vision.runtime import load
from vision.settings import WeightsError

ROOT = Path(__file__).resolve().parents[3]
NETS = ("sharpness", "region", "generator", "blind", "library")


@pytest.fixture
def copy(tmp_path):
    for folder in ("models", "library"):
        shutil.copytree(ROOT / "resources" / folder, tmp_path / folder)
    return tmp_path


def path_of(copy, net, suffix="safetensors"):
    return copy / ("library" if net == "library" else "models") / f"{net}.{suffix}"


def rewrite_card(copy, net, **changes):
    path = path_of(copy, net, "json")
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_committed_weights_load_and_their_cards_say_where_they_come_from():
    weights = load(ROOT / "resources" / "models")
    for net in NETS:
        card = weights.cards[net]
        assert card["sha256"] == hashlib.sha256(path_of(ROOT / "resources", net).read_bytes()).hexdigest()
        assert {"title", "data", "command", "input_contract"} <= set(card), net
        assert "seed" in card or net == "library"  # nothing in it is drawn by chance
        assert card["data"]["licences"]
        assert card["data"]["manifest_sha256"]
    total = sum(path_of(ROOT / "resources", net).stat().st_size for net in NETS)
    assert total < 5e6


@pytest.mark.parametrize("net", NETS)
def test_missing_weights(copy, net):
    path_of(copy, net).unlink()
    with pytest.raises(WeightsError, match=rf"{net}\.safetensors.*missing.*train"):
        load(copy / "models")


@pytest.mark.parametrize("net", NETS)
def test_missing_card(copy, net):
    path_of(copy, net, "json").unlink()
    with pytest.raises(WeightsError, match=rf"{net}\.json.*card is missing.*train"):
        load(copy / "models")


@pytest.mark.parametrize("net", NETS)
def test_altered_weights_name_both_hashes(copy, net):
    path = path_of(copy, net)
    data = bytearray(path.read_bytes())
    expected = hashlib.sha256(data).hexdigest()
    data[-1] ^= 1
    path.write_bytes(data)
    found = hashlib.sha256(data).hexdigest()
    with pytest.raises(WeightsError) as caught:
        load(copy / "models")
    for part in (path.name, expected, found, "restore"):
        assert part in str(caught.value)


def test_truncated_weights_name_both_sizes(copy):
    path = path_of(copy, "generator")
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[: size // 2])
    with pytest.raises(WeightsError, match=f"{size // 2} bytes, {size} expected"):
        load(copy / "models")


def test_weights_for_another_input_contract(copy):
    rewrite_card(copy, "sharpness", input_contract="thumbnail; v0")
    with pytest.raises(WeightsError, match=r"input_contract expected .*v2.* found 'thumbnail; v0'"):
        load(copy / "models")


def test_weights_of_a_newer_version(copy):
    rewrite_card(copy, "region", card_version=99)
    with pytest.raises(WeightsError, match="card_version expected 1, found 99"):
        load(copy / "models")


def test_weights_of_another_net_under_this_name(copy):
    data = path_of(copy, "sharpness").read_bytes()
    path_of(copy, "region").write_bytes(data)
    rewrite_card(copy, "region", sha256=hashlib.sha256(data).hexdigest())
    with pytest.raises(WeightsError, match="another network or version"):
        load(copy / "models")


def test_a_card_that_is_no_json(copy):
    path_of(copy, "region", "json").write_text("{ not json")
    with pytest.raises(WeightsError, match=r"region\.json.*cannot be read"):
        load(copy / "models")


def test_weights_that_are_no_safetensors(copy):
    path_of(copy, "region").write_bytes(b"\x80\x04junk" * 10)  # begins like a pickle
    rewrite_card(copy, "region", sha256=hashlib.sha256(b"\x80\x04junk" * 10).hexdigest())
    with pytest.raises(WeightsError, match="not a safetensors file"):
        load(copy / "models")


def test_what_is_written_is_read_back(tmp_path):
    arrays = {"embeddings": np.eye(3, dtype=np.float32), "count": np.array(5)}
    runtime.write(tmp_path, "library", arrays, {"architecture": {}})
    found, card = runtime.read(tmp_path, "library")
    assert np.array_equal(found["embeddings"], arrays["embeddings"])
    assert found["count"].shape == ()
    assert card["net"] == "library"
    assert not list(tmp_path.glob("*.part"))
