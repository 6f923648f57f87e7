"""Field of view and library, each on pictures whose answer is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from vision.field import NothingToJudgeError, cut_crops, cut_thumbnail, find_field, to_luma
from vision.library import build


def endoscopic(width=1280, height=720):
    """A round field of view left of the middle, with overlay text in the corners."""
    rng = np.random.default_rng(0)
    picture = np.zeros((height, width, 3), np.uint8)
    tissue = cv2.GaussianBlur(rng.normal(130, 60, (height, width, 3)).astype(np.float32), (0, 0), 1.2)
    mask = cv2.circle(np.zeros((height, width), np.uint8), (560, 360), 340, 1, -1)
    picture[mask > 0] = np.clip(tissue, 30, 255).astype(np.uint8)[mask > 0]
    cv2.putText(picture, "Actual gas flow 0 l/min", (20, 690), cv2.FONT_HERSHEY_PLAIN, 1.0, (255, 255, 255))
    return picture, mask


def test_field_of_view_leaves_surround_and_text_out():
    picture, _ = endoscopic()
    field = find_field(to_luma(picture))
    assert field.left == pytest.approx(220, abs=40)
    assert field.right == pytest.approx(900, abs=40)


def test_crops_lie_inside_the_field_and_do_not_repeat():
    picture, mask = endoscopic()
    luma = to_luma(picture)
    crops = cut_crops(luma, find_field(luma))
    assert crops.shape == (6, 128, 128)
    assert all((crop > 20).mean() > 0.95 for crop in crops)
    assert len({crop.tobytes() for crop in crops}) == 6
    assert mask.any()


def test_thumbnail_shows_the_field_only():
    picture, _ = endoscopic()
    thumbnail = cut_thumbnail(picture, find_field(to_luma(picture)))
    assert thumbnail.shape == (112, 112, 3)
    assert (thumbnail[20:-20, 20:-20] > 20).mean() > 0.99


def test_dark_picture_is_not_judged():
    with pytest.raises(NothingToJudgeError, match="dark"):
        find_field(np.full((200, 200), 3, np.uint8))


def test_library_finds_the_nearest_region_and_knows_what_it_does_not_know():
    rng = np.random.default_rng(0)
    centres = np.linalg.qr(rng.normal(size=(64, 3)))[0].T
    vectors = np.repeat(centres, 30, axis=0) + rng.normal(0, 0.04, (90, 64))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    library = build(vectors, ["bowel"] * 30 + ["liver"] * 30 + ["omentum"] * 30, per_region=8)
    assert library.embeddings.shape == (24, 64)
    assert library.nearest(vectors[35])[0] == "liver"
    assert library.nearest(vectors[35])[1] > 0.8
    stranger = np.zeros(64, np.float32)
    stranger[:] = np.linalg.svd(centres)[2][-1]
    region, similarity = library.nearest(stranger)
    assert region is None
    assert -1.0 <= similarity < min(library.limits)


def test_a_region_is_added_by_pictures_alone():
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(6, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert build(vectors[:3], ["a", "a", "b"]).nearest(vectors[5])[0] is None
    grown = build(vectors, ["a", "a", "b", "c", "c", "spleen"])
    assert grown.nearest(vectors[5]) == ("spleen", pytest.approx(1.0, abs=1e-5))
