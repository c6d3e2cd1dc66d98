"""Measures how much of the text of PDF files made by make.py comes out intact.

usage: measure.py FOLDER NASAQ [--only] [--list] [--files] [--match PART] [--blocks]

For each file the words of its source are aligned with those that a reader returns; the figure is the share of
source words that come back in order, after NFKC and without tatweel and direction marks. For vocalised text it
is computed with and without marks. Readers: nasaq (NASAQ segment), pdftotext, pypdfium2, PyMuPDF; those that
are absent are left out. --list prints the words that nasaq loses, --files the figures of each file; --only measures
nasaq alone, --match only files with a part in their name. --blocks compares the blocks instead: how many paragraphs,
headings, cells and notes have the same text as in the source.
"""

import difflib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unicodedata

TEXTS = pathlib.Path(__file__).parent / "texts"
MARKS = re.compile("[\u064b-\u065f\u0670]")
INVISIBLE = re.compile("[\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad\u061c]")
NOTE = re.compile(r"\[(\d+)\]")


def words(text, marks):
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    if not marks:
        text = MARKS.sub("", text)
    return text.replace("•", " ").split()


def source(name, drops_numbers):
    text, language = name.split(".")[:2]
    out = []
    for line in (TEXTS / f"{text}.{language}.txt").read_text(encoding="utf-8").splitlines():
        line = re.sub(r"^(#+|-|\|) ", "", line)
        line = NOTE.sub("", line).replace(" | ", " ")
        out.append(line)
    return "\n".join(out)


def nasaq(program, path):
    language = path.name.split(".")[1]
    run = subprocess.run([program, "segment", str(path), "--lang", language], capture_output=True, text=True, timeout=120)
    return run.stdout


def pdftotext(path):
    return subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, timeout=120).stdout


def pdfium(path):
    import pypdfium2
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(str(path)))


def mupdf(path):
    import pymupdf
    return "\n".join(page.get_text() for page in pymupdf.open(str(path)))


def share(expected, found):
    matcher = difflib.SequenceMatcher(None, expected, found, autojunk=False)
    matched = sum(block.size for block in matcher.get_matching_blocks())
    lost = []
    for kind, a0, a1, b0, b1 in matcher.get_opcodes():
        if kind in ("replace", "delete"):
            lost.append((" ".join(expected[a0:a1]), " ".join(found[b0:b1])))
    return matched / max(1, len(expected)), lost


def letters(text):
    return "".join(c for c in unicodedata.normalize("NFKC", INVISIBLE.sub("", text)) if c.isalnum())


def source_blocks(name):
    """The blocks of a source as kinds and letters. Notes and cells are blocks of their own."""
    text, language, _, maker, _, _ = name.split(".")
    kinds = {"#": "heading", "##": "heading"}
    out = []
    for line in (TEXTS / f"{text}.{language}.txt").read_text(encoding="utf-8").splitlines():
        first, _, rest = line.partition(" ")
        if first == "|":
            out += [("cell", letters(cell)) for cell in line.strip("|").split("|")]
        elif NOTE.match(line):
            # Programs without footnotes leave these out.
            out += [("footnote", letters(NOTE.sub("", line)))] if maker not in ("reportlab", "fpdf2", "pango") else []
        elif line.strip():
            body = rest if first in ("#", "##", "-") else line
            out.append((kinds.get(first, "paragraph"), letters(NOTE.sub("", body))))
    return out


def read_blocks(program, path):
    """The blocks that nasaq reads: segments with the same place are one."""
    language = path.name.split(".")[1]
    run = subprocess.run([program, "segment", str(path), "--lang", language, "--to", "jsonl"], capture_output=True, text=True, timeout=120)
    out, last = [], None
    for row in map(json.loads, run.stdout.splitlines()):
        place = row["place"]
        kind = place["kind"]
        kind = "heading" if kind.startswith("h") else {"item": "paragraph"}.get(kind, kind)
        key = (place.get("part"), tuple(place["blocks"]))
        if key == last:
            out[-1] = (out[-1][0], out[-1][1] + letters(row["text"]))
        else:
            text = letters(row["text"])
            # The number of a note is part of its text.
            out.append((kind, re.sub(r"^\d+", "", text) if kind == "footnote" else text))
        last = key
    return out


def compare_blocks(folder, program):
    """Prints by program how many blocks of the sources are read with their text, and with their kind, and in how many
    files those that are read are in the order of the source."""
    totals = {}
    for path in sorted(folder.glob("*.pdf")):
        maker = path.name.split(".")[3]
        expected, found = source_blocks(path.name), read_blocks(program, path)
        same = [text for _, text in found]
        with_text = sum(text in same for _, text in expected)
        with_kind = sum(block in found for block in expected)
        places = [same.index(text) for kind, text in expected if text in same and kind != "footnote" and same.count(text) == 1]
        row = totals.setdefault(maker, [0, 0, 0, 0, 0])
        for at, value in enumerate((len(expected), with_text, with_kind, places == sorted(places), 1)):
            row[at] += value
        if "--list" in sys.argv:
            for kind, text in expected:
                if (kind, text) not in found:
                    print(f"    {path.name}: {kind} {text[:40]}: {[other for other, own in found if own == text]}")
    print("| program | blocks | with their text | with their kind too | files in order |")
    print("|---|--:|--:|--:|--:|")
    for maker, (count, text, kind, order, files) in sorted(totals.items()):
        print(f"| {maker} | {count} | {100 * text / count:.1f} | {100 * kind / count:.1f} | {order} of {files} |")


def main():
    folder, program = pathlib.Path(sys.argv[1]), sys.argv[2]
    if "--blocks" in sys.argv:
        return compare_blocks(folder, program)
    readers = {"nasaq": lambda path: nasaq(program, path)}
    if "--only" not in sys.argv:
        if shutil.which("pdftotext"):
            readers["pdftotext"] = pdftotext
        for name, reader, module in (("pdfium", pdfium, "pypdfium2"), ("mupdf", mupdf, "pymupdf")):
            try:
                __import__(module)
                readers[name] = reader
            except ImportError:
                print(f"skipped: {name}")
    totals = {}
    for path in sorted(folder.glob("*.pdf")):
        if "--match" in sys.argv and sys.argv[sys.argv.index("--match") + 1] not in path.name:
            continue
        text, language, layout, maker, font, _ = path.name.split(".")
        for marks in ((False, True) if text == "vocalised" and language == "ar" else (True,)):
            expected = words(source(path.name, False), marks)
            kind = {"ar": "unvocalised", "en": "english"}[language]
            if text == "vocalised" and language == "ar":
                kind = "vocalised with marks" if marks else "vocalised letters"
            row = []
            for reader, read in readers.items():
                value, lost = share(expected, words(read(path), marks))
                row.append(f"{reader} {100 * value:.1f}")
                totals.setdefault((kind, maker, font, reader), []).append(value)
                if reader == "nasaq" and "--list" in sys.argv:
                    for was, now in lost:
                        print(f"    {was!r} -> {now!r}")
            if "--files" in sys.argv or "--list" in sys.argv:
                print(path.name, "marks" if marks else "", *row)
    mean = lambda values: 100 * sum(values) / len(values)
    kinds = sorted({key[0] for key in totals})
    for kind in kinds:
        print(f"\n## {kind}\n")
        rows = sorted({key[1:3] for key in totals if key[0] == kind})
        print("| program | font | " + " | ".join(readers) + " |")
        print("|---|---|" + "--:|" * len(readers))
        for maker, font in rows:
            cells = [f"{mean(totals[kind, maker, font, reader]):.1f}" for reader in readers]
            print(f"| {maker} | {font} | " + " | ".join(cells) + " |")
        cells = [f"{mean([v for k, vs in totals.items() if k[0] == kind and k[3] == reader for v in vs]):.1f}" for reader in readers]
        print("| all | | " + " | ".join(cells) + " |")


main()
