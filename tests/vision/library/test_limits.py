"""The limit of "unknown": set by what other operations say of a region, kept by the nearest prototype."""

from __future__ import annotations

import numpy as np
import pytest

from vision.library import PRIOR_PICTURES, UNKNOWN_BELOW, Library, build, calibrate, leave_out


def vectors_of(*spreads, count=20, size=64, operations=4, seed=0):
    """Clusters of unit vectors around orthogonal centres, each with its own spread; shifted a little by operation."""
    rng = np.random.default_rng(seed)
    centres = np.linalg.qr(rng.normal(size=(size, len(spreads))))[0].T
    shifts = rng.normal(0.0, 0.03, (operations, size))
    vectors, names, groups = [], [], []
    for at, (centre, spread) in enumerate(zip(centres, spreads, strict=True)):
        for number in range(count):
            vector = centre + shifts[number % operations] + rng.normal(0.0, spread, size)
            vectors.append(vector / np.linalg.norm(vector))
            names.append(f"region {at}")
            groups.append(f"operation {number % operations}")
    return np.array(vectors, np.float32), names, groups


def test_nine_of_ten_pictures_of_another_operation_stay_above_their_limit():
    vectors, names, groups = vectors_of(0.02, 0.05, 0.09)
    limits = calibrate(vectors, names, groups)
    judged = leave_out(vectors, names, groups, limits=limits)
    lost = np.mean([one.found is None for one in judged])
    assert 0.02 < lost < 0.2
    assert all(one.found in (one.truth, None) for one in judged)


def test_a_region_of_one_look_has_a_stricter_limit_than_a_varied_one():
    limits = calibrate(*vectors_of(0.02, 0.09))
    assert limits["region 0"] > limits["region 1"] + 0.1


def test_a_region_of_few_pictures_is_drawn_to_the_common_limit():
    vectors, names, groups = vectors_of(0.02, 0.09)
    kept = [at for at, name in enumerate(names) if name == "region 0" or at in (20, 21)]
    few = calibrate(vectors[kept], [names[at] for at in kept], [groups[at] for at in kept])
    many = calibrate(vectors, names, groups)
    assert many["region 1"] < few["region 1"] < many["region 0"]
    assert PRIOR_PICTURES > 2


def test_strangers_are_unknown_and_guests_of_known_regions_are_found():
    vectors, names, groups = vectors_of(0.04, 0.04, 0.04, 0.04)
    known = [at for at, name in enumerate(names) if name != "region 3"]
    given = (vectors[known], [names[at] for at in known])
    library = build(*given, limits=calibrate(*given, [groups[at] for at in known]))
    strangers = [library.nearest(vectors[at])[0] for at in range(60, 80)]
    assert strangers == [None] * 20
    assert library.nearest(vectors[5])[0] == "region 0"


def test_pictures_unfit_to_be_prototypes_still_count_for_the_limit():
    vectors, names, groups = vectors_of(0.02, 0.02)
    worse = vectors + np.random.default_rng(5).normal(0.0, 0.1, vectors.shape).astype(np.float32)
    worse /= np.linalg.norm(worse, axis=1, keepdims=True)
    both, fit = np.concatenate([vectors, worse]), np.repeat([True, False], len(vectors))
    lenient = calibrate(both, names * 2, groups * 2, standard=fit)
    strict = calibrate(vectors, names, groups)
    assert all(lenient[name] < strict[name] - 0.1 for name in strict)


def test_with_one_operation_nothing_can_be_left_out_and_the_limits_are_not_calibrated():
    vectors, names, _ = vectors_of(0.02, 0.02)
    assert set(calibrate(vectors, names, ["only one"] * len(names)).values()) == {UNKNOWN_BELOW}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": np.array([0, 0])}, "every region"),
        ({"labels": np.array([0, 5])}, "every region"),
        ({"labels": np.array([0])}, "a label each"),
        ({"limits": (0.5,)}, "1 limits"),
        ({"embeddings": np.full((2, 64), np.nan, np.float32)}, "unit vectors"),
        ({"regions": ("a", "a")}, "a, a"),
    ],
)
def test_a_library_that_does_not_fit_together_is_refused(changes, message):
    good = {
        "regions": ("a", "b"),
        "embeddings": np.eye(2, 64, dtype=np.float32),
        "labels": np.array([0, 1]),
        "limits": (0.5, 0.5),
    }
    assert Library(**good).nearest(good["embeddings"][1]) == ("b", 1.0)
    with pytest.raises(ValueError, match=message):
        Library(**{**good, **changes})
