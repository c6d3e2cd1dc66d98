"""Compares the alignment of PDF files with that of the texts that they were made from.

usage: align.py OUT NASAQ [PROGRAM ...]

Makes PDF files of the bundled corpora (corpora/*/{ar,en}.txt) with the programs of make.py, in Amiri and DejaVu Sans,
aligns both, and prints the F1 of the beads of the PDF files against those of the texts. Beads are compared by the
letters of their texts: each bead is the part of both texts that it has, as it is in the text files.

strict: beads with the same letters on both sides. nested: a bead counts if it lies inside one of the other
alignment, or is equal to it; both are F1 of the two directions.
"""

import difflib
import json
import pathlib
import re
import subprocess
import sys
import unicodedata

sys.argv, arguments = [sys.argv[0], "/dev/null"], sys.argv[1:]
import make  # noqa: E402

CORPORA = pathlib.Path(__file__).parent.parent.parent / "corpora"
FONTS = ("amiri", "dejavu")


def text_of(name, language):
    """A text with the markup of make.py: its first line is a heading, all others are paragraphs."""
    lines = (CORPORA / name / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line.strip()]
    return "# " + "\n".join(lines)


def letters(text):
    """The letters and digits of a text: what its layout does not change."""
    text = unicodedata.normalize("NFKC", text).replace("\u0640", "")
    return "".join(c for c in text if c.isalnum())


def align(nasaq, src, tgt):
    run = subprocess.run([nasaq, "align", str(src), str(tgt), "--src-lang", "ar", "--tgt-lang", "en", "--to", "jsonl"],
                         capture_output=True, text=True, check=True, timeout=300)
    return [json.loads(line) for line in run.stdout.splitlines()]


def spans(beads, side):
    """The letters of each bead on one side, as a range of all letters of the side."""
    out, at = {}, 0
    for index in ordered(beads, side):
        length = len(letters(beads[index][side]))
        out[index] = (at, at + length)
        at += length
    return [out.get(index, (0, 0)) for index in range(len(beads))]


def ordered(beads, side):
    """The beads that have text on one side, in the order of the document; a moved bead is elsewhere in the list."""
    having = [index for index, bead in enumerate(beads) if bead.get(side)]
    return sorted(having, key=lambda index: beads[index][f"{side}_bytes"])


def whole(beads, side):
    return "".join(letters(beads[index][side]) for index in ordered(beads, side))


def mapped(found, expected):
    """Maps positions in one text to positions in the other, whose letters differ a little."""
    places = {0: 0, len(found): len(expected)}
    matcher = difflib.SequenceMatcher(None, found, expected, autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        for k in range(size + 1):
            places.setdefault(a + k, b + k)
    last, out = 0, []
    for at in range(len(found) + 1):
        last = places.get(at, last)
        out.append(last)
    return out


def beads_of(beads, texts):
    sides = []
    for side, expected in zip(("src", "tgt"), texts):
        found = whole(beads, side)
        place = mapped(found, expected) if found != expected else list(range(len(found) + 1))
        sides.append([(place[a], place[b]) for a, b in spans(beads, side)])
    # Unaligned segments have no place on the other side.
    return [(a if a[0] < a[1] else None, b if b[0] < b[1] else None) for a, b in zip(*sides)]


def share(beads, of, test):
    counted = [bead for bead in beads if None not in bead]
    return sum(any(test(bead, other) for other in of) for bead in counted) / max(1, len(counted))


def f1(beads, gold, test):
    precision, recall = share(beads, gold, test), share(gold, beads, test)
    return 2 * precision * recall / max(1e-9, precision + recall)


def equal(bead, other):
    return bead == other


def nested(bead, other):
    if None in other:
        return False
    inside = lambda a, b: b[0] <= a[0] and a[1] <= b[1]
    return all(inside(a, b) for a, b in zip(bead, other))


def main():
    out, nasaq, programs = pathlib.Path(arguments[0]), arguments[1], arguments[2:]
    out.mkdir(parents=True, exist_ok=True)
    make.source = text_of
    # The corpora have brackets with numbers as text.
    make.NOTE = re.compile(r"(?!)(\d+)")
    plain = {}
    totals = {}
    for name in sorted(path.name for path in CORPORA.iterdir() if path.is_dir()):
        texts = []
        for language in ("ar", "en"):
            file = out / f"{name}.{language}.txt"
            file.write_text(text_of(name, language)[2:], encoding="utf-8")
            texts.append(file)
        beads = align(nasaq, *texts)
        sides = [whole(beads, side) for side in ("src", "tgt")]
        plain[name] = (beads_of(beads, sides), sides)
    for program in programs or make.PROGRAMS:
        for font in FONTS:
            for name, (gold, sides) in plain.items():
                files = [out / f"{name}.{language}.{program}.{font}.pdf" for language in ("ar", "en")]
                try:
                    for language, file in zip(("ar", "en"), files):
                        if not file.exists():
                            make.PROGRAMS[program](name, language, "page", font, file)
                except Exception as error:
                    print(f"failed: {program} {font} {name}: {error!r}"[:300])
                    continue
                if not all(file.exists() for file in files):
                    continue
                beads = beads_of(align(nasaq, *files), sides)
                row = f1(beads, gold, equal), f1(beads, gold, nested)
                totals.setdefault((program, font), []).append(row)
                print(f"{name} {program} {font}: strict {row[0]:.3f}, nested {row[1]:.3f}", flush=True)
    print("\n| program | font | texts | strict F1 | nested F1 | lowest nested |\n|---|---|--:|--:|--:|--:|")
    for (program, font), rows in sorted(totals.items()):
        mean = [sum(row[at] for row in rows) / len(rows) for at in (0, 1)]
        print(f"| {program} | {font} | {len(rows)} | {mean[0]:.3f} | {mean[1]:.3f} | {min(row[1] for row in rows):.3f} |")
    rows = [row for rows in totals.values() for row in rows]
    print(f"| all | | {len(rows)} | " + " | ".join(f"{sum(row[at] for row in rows) / len(rows):.3f}" for at in (0, 1)) + f" | {min(row[1] for row in rows):.3f} |")


main()
