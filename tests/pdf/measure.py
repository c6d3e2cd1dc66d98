"""Measures how much of the text of PDF files made by make.py comes out intact.

usage: measure.py FOLDER NASAQ [--list]

For each file the words of its source are aligned with those that a reader returns; the figure is the share of
source words that come back in order, after NFKC and without tatweel and direction marks. For vocalised text it
is computed with and without marks. Readers: nasaq (NASAQ segment), pdftotext, pypdfium2, PyMuPDF; those that
are absent are left out. --list prints the words that nasaq loses.
"""

import difflib
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


def main():
    folder, program = pathlib.Path(sys.argv[1]), sys.argv[2]
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
