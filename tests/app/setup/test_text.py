"""Values put into a configuration's text: comments and other keys stay, and nothing is guessed."""

from __future__ import annotations

import tomllib

import pytest

from app import paths
from app.setup.text import put_in

OLD = """# Ours since 2024.
[bus]
mode = "real"               # never simulated here
port = "/dev/ttyUSB0"       # the blue adapter

[video]
source = "/dev/video0"

[recording]
min_free_mb = 5000          # the disk is large
# directory = "~/recordings"  # without it, the user's data folder

[log]
directory = "~/log"
"""


def test_values_change_and_everything_else_stays() -> None:
    made = put_in(OLD, {("bus", "port"): "/dev/ttyS7", ("recording", "directory"): "/media/cases"})
    assert '\nport = "/dev/ttyS7"         # the blue adapter\n' in made
    assert '\ndirectory = "/media/cases"    # without it, the user\'s data folder\n' in made
    assert made.startswith("# Ours since 2024.\n")
    data = tomllib.loads(made)
    assert data["log"]["directory"] == "~/log", "a key of the same name in another section"
    assert data["recording"]["min_free_mb"] == 5000


def test_a_value_taken_out_stays_readable_as_a_comment() -> None:
    made = put_in(OLD, {("bus", "mode"): "simulated", ("bus", "port"): None})
    assert "port" not in tomllib.loads(made)["bus"]
    assert '# port = "/dev/ttyUSB0"' in made


def test_a_section_that_is_missing_is_added() -> None:
    made = put_in(OLD, {("screen", "diagonal_inch"): 23.8, ("screen", "language"): "zh"})
    assert tomllib.loads(made)["screen"] == {"diagonal_inch": 23.8, "language": "zh"}


def test_a_value_that_is_not_wanted_and_not_there_adds_nothing() -> None:
    assert put_in(OLD, {("screen", "diagonal_inch"): None}) == OLD


@pytest.mark.parametrize("value", ['a "quoted" \\ path', "C:\\Users\\x", "# no comment", "用户", "a = b", ""])
def test_any_text_is_written_as_it_is(value: str) -> None:
    made = put_in(put_in(OLD, {("video", "source"): value}), {("bus", "mode"): "real"})
    assert tomllib.loads(made)["video"]["source"] == value


@pytest.mark.parametrize(
    "text",
    ['bus = { mode = "real" }\n', 'bus.mode = "real"\n', "[bus\n", '[bus]\nmode = """\nreal"""\n', '"bus" = 3\n'],
)
def test_a_text_written_otherwise_is_refused_not_guessed_at(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be edited"):
        put_in(text, {("bus", "mode"): "simulated"})


def test_the_example_takes_all_that_the_set_up_asks_for_in_the_places_that_it_shows() -> None:
    text = paths.example_config().read_text()
    values = {
        ("bus", "mode"): "real",
        ("bus", "port"): "/dev/ttyS1",
        ("video", "source"): "/dev/video2",
        ("screen", "language"): "zh",
        ("screen", "diagonal_inch"): 31.5,
        ("recording", "directory"): "/data/cases",
    }
    made = put_in(text, values)
    assert made.count("\n") == text.count("\n"), "every key stood there already, as a comment or switched on"
    data = tomllib.loads(made)
    assert all(data[section][key] == value for (section, key), value in values.items())
