"""Makes resources/fonts: the screen's own Latin and Chinese font, cut down to what the screen can need.

    python packaging/make_fonts.py NOTO_FOLDER DEJAVU_FOLDER

The folders are those of Debian's fonts-noto-cjk (NotoSansCJK-Regular.ttc, -Bold.ttc) and fonts-dejavu-core; the
interpreter needs fonttools 4.68.0, which nothing else here does.  The families get names of their own, so that a font
of the same name on the machine, of another version, never takes their place.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "fonts"
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x370, 0x400), *range(0x2010, 0x2040), 0x2044, 0x20AC]
LATIN += [
    0x2103,
    0x2109,
    0x2122,
    *range(0x2190, 0x219A),
    0x2212,
    0x2248,
    0x2260,
    0x2264,
    0x2265,
    0x221E,
    0x25CF,
    0x2713,
]
# Subscripts and superscripts of gases and units.
LATIN += [0x2070, *range(0x2074, 0x208F)]
PUNCTUATION = [*range(0x3000, 0x3018), *range(0xFF01, 0xFF5F), 0x00B7, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026]


def gb2312_level_1() -> list[int]:
    """The 3755 characters of everyday Chinese: rows 16 to 55 of GB 2312."""
    found = []
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            try:
                found.append(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:  # the last row has five cells less
                continue
    return found


def used() -> list[int]:
    """Every character of the translations, also the rare ones."""
    texts = (FOLDER.parent / "translations").glob("*.ts")
    return sorted({ord(letter) for path in texts for letter in path.read_text(encoding="utf-8")} - {10})


def _set_heights(font: TTFont, like: Path) -> None:
    """Give `font` the line height of another, so that a line that mixes both is no higher than one of Latin alone.

    The glyphs fit: Chinese ones reach from -0.12 to 0.88 of the font's size, a line of DejaVu from -0.236 to 0.928.
    """
    other = TTFont(like)
    scale = font["head"].unitsPerEm / other["head"].unitsPerEm
    up, down = round(other["hhea"].ascent * scale), round(-other["hhea"].descent * scale)
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = up, -down, 0
    heights = font["OS/2"]
    heights.sTypoAscender, heights.sTypoDescender, heights.sTypoLineGap = up, -down, 0
    heights.usWinAscent, heights.usWinDescent = up, down


def make(
    source: Path, number: int, characters: list[int], family: str, style: str, target: Path, upright: Path | None = None
) -> None:
    """Cut `source` (font `number` of a collection) down to `characters` and name it `family`; with the line height of
    the font `upright` where one is given."""
    options = subset.Options(
        layout_features=["kern", "mark", "mkmk", "ccmp", "locl"], hinting=True, notdef_outline=True
    )
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # licence and copyright stay in the file
    font = TTFont(source, fontNumber=number)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    names = {
        1: family,
        2: style,
        3: f"{family} {style}",
        4: f"{family} {style}",
        6: f"{family} {style}".replace(" ", ""),
    }
    if upright is not None:
        _set_heights(font, upright)
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    font.save(target)
    print(f"{target}: {target.stat().st_size // 1024} kB, {len(characters)} characters")


def main(noto: Path, dejavu: Path) -> None:
    """Make all four files."""
    chinese = sorted({*gb2312_level_1(), *PUNCTUATION, *(c for c in used() if c > 0x2E00)})
    simplified = 2  # in the collection: JP, KR, SC, TC, HK
    for style, latin in (("Regular", "DejaVuSans.ttf"), ("Bold", "DejaVuSans-Bold.ttf")):
        make(
            noto / f"NotoSansCJK-{style}.ttc", simplified, chinese, "Limpid Chinese", style,
            FOLDER / f"limpid-chinese-{style.lower()}.otf", dejavu / latin,
        )  # fmt: skip
    for style, name in (("Regular", "DejaVuSans.ttf"), ("Bold", "DejaVuSans-Bold.ttf")):
        make(dejavu / name, 0, sorted({*LATIN}), "Limpid Latin", style, FOLDER / f"limpid-latin-{style.lower()}.ttf")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
