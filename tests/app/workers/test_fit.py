"""Pictures made fit for painting: the same one for both views only once."""

from __future__ import annotations

import numpy as np

from app.workers.fit import Fitter
from tests.app.workers.conftest import picture


def test_a_picture_passed_through_is_fitted_once_for_views_of_one_size():
    fitter, image = Fitter(), picture(1)
    raw = fitter.fit(image, 80, 90)
    assert raw.shape == (60, 80, 4)
    assert not raw.flags.writeable
    assert fitter.fit(image, 80, 90) is raw


def test_another_picture_or_another_size_is_fitted_anew():
    fitter, image = Fitter(), picture(1)
    raw = fitter.fit(image, 80, 90)
    assert fitter.fit(image, 40, 90).shape == (30, 40, 4)
    other = fitter.fit(picture(1), 80, 90)  # equal, but not the same: a deblurred one may well be
    assert other is not raw
    assert np.array_equal(other, raw)
