"""Makes PDF files from tests/pdf/texts with several programs and fonts.

usage: make.py OUT [PROGRAM ...]

Needs some of: chromium, soffice, pango-view, xelatex with polyglossia; the Python packages weasyprint, typst, reportlab with
arabic_reshaper and python-bidi, fpdf2 with uharfbuzz. A program that is absent is skipped with a notice.
A file is named TEXT.LANGUAGE.LAYOUT.PROGRAM.FONT.pdf.
"""

import html
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
TEXTS = HERE / "texts"
FONTS = {
    "naskh": ("Noto Naskh Arabic", "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf"),
    "amiri": ("Amiri", "/usr/share/fonts/opentype/fonts-hosny-amiri/Amiri-Regular.ttf"),
    "kacst": ("KacstBook", "/usr/share/fonts/truetype/kacst/KacstBook.ttf"),
    "dejavu": ("DejaVu Sans", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    "scheherazade": ("Scheherazade", "/usr/share/fonts/truetype/scheherazade/Scheherazade-Regular.ttf"),
}
# The texts that are set, with their layouts.
JOBS = [
    ("prose", "page"), ("prose", "columns"), ("vocalised", "page"), ("law", "page"),
    ("mixed", "page"), ("table", "page"), ("footnotes", "page"),
]
NOTE = re.compile(r"\[(\d+)\]")


def blocks(text):
    """Yields (kind, text) for the blocks of a text; a table is one block with its rows."""
    rows = []
    for line in text.splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            yield "table", rows
            rows = []
        if line.startswith("## "):
            yield "h2", line[3:]
        elif line.startswith("# "):
            yield "h1", line[2:]
        elif line.startswith("- "):
            yield "ul", line[2:]
        elif NOTE.match(line):
            yield "note", line.split("] ", 1)[1]
        elif re.match(r"\d+\. ", line):
            yield "ol", line
        elif line:
            yield "p", line
    if rows:
        yield "table", rows


def source(text, language):
    return (TEXTS / f"{text}.{language}.txt").read_text(encoding="utf-8")


def as_html(text, language, layout, font, footnotes):
    direction = "rtl" if language == "ar" else "ltr"
    parts, notes = [], []
    all_blocks = list(blocks(source(text, language)))
    notes = [content for kind, content in all_blocks if kind == "note"]
    column = "column-count: 2; column-gap: 8mm;" if layout == "columns" else ""
    for kind, content in all_blocks:
        if kind == "note":
            continue
        if kind == "table":
            rows = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in content)
            parts.append(f"<table>{rows}</table>")
            continue
        tag = {"ul": "p", "ol": "p"}.get(kind, kind)
        body = html.escape(content)
        if kind == "ul":
            body = "• " + body
        def note(match):
            number = int(match[1])
            if footnotes:
                return f'<span class="note">{html.escape(notes[number - 1])}</span>'
            return f"<sup>{number}</sup>"
        parts.append(f"<{tag}>{NOTE.sub(note, body)}</{tag}>")
    if notes and not footnotes:
        parts += [f'<p class="foot">{i}. {html.escape(note)}</p>' for i, note in enumerate(notes, 1)]
    return f"""<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8"><style>
@page {{ size: A4; margin: 25mm 20mm; }}
body {{ font-family: "{font}"; font-size: 13pt; text-align: justify; }}
div {{ {column} }} .note {{ float: footnote; font-size: 10pt; }}
td {{ border: 1px solid black; padding: 2mm; width: 25%; text-align: start; }} table {{ border-collapse: collapse; }}
.foot {{ font-size: 9pt; }}
</style><div>{"".join(parts)}</div></html>"""


def chromium(text, language, layout, font, out):
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "a.html"
        page.write_text(as_html(text, language, layout, FONTS[font][0], False), encoding="utf-8")
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/u",
                        "--no-pdf-header-footer", f"--print-to-pdf={out}", page.as_uri()],
                       check=True, capture_output=True, timeout=120)


def weasyprint(text, language, layout, font, out, **options):
    import weasyprint as program
    page = as_html(text, language, layout, FONTS[font][0], True)
    program.HTML(string=page).write_pdf(out, **options)


def weasyprint_tagged(text, language, layout, font, out):
    weasyprint(text, language, layout, font, out, pdf_tags=True)


def libreoffice_tagged(text, language, layout, font, out):
    libreoffice(text, language, layout, font, out, TAGGED)


# The filter of LibreOffice Writer for tagged files.
TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'


def libreoffice(text, language, layout, font, out, target="pdf"):
    all_blocks = list(blocks(source(text, language)))
    notes = [content for kind, content in all_blocks if kind == "note"]
    mode = "rl-tb" if language == "ar" else "lr-tb"
    parts = []
    for kind, content in all_blocks:
        if kind == "note":
            continue
        if kind == "table":
            rows = "".join("<table:table-row>" + "".join(
                f'<table:table-cell table:style-name="C"><text:p text:style-name="P">{html.escape(c)}</text:p></table:table-cell>'
                for c in row) + "</table:table-row>" for row in content)
            parts.append(f'<table:table table:style-name="T"><table:table-column table:number-columns-repeated="{len(content[0])}"/>{rows}</table:table>')
            continue
        body = html.escape(content)
        body = NOTE.sub(lambda m: f'<text:note text:note-class="footnote"><text:note-citation>{m[1]}</text:note-citation>'
                        f'<text:note-body><text:p text:style-name="F">{html.escape(notes[int(m[1]) - 1])}</text:p></text:note-body></text:note>', body)
        if kind == "ul":
            body = "• " + body
        tag, style = {"h1": ("h", "H1"), "h2": ("h", "H2")}.get(kind, ("p", "P"))
        parts.append(f'<text:{tag} text:style-name="{style}">{body}</text:{tag}>')
    body = "".join(parts)
    if layout == "columns":
        body = f'<text:section text:style-name="S" text:name="s">{body}</text:section>'
    name = FONTS[font][0]
    text_style = lambda size, weight="normal": (
        f'<style:text-properties style:font-name="F" style:font-name-complex="F" fo:font-size="{size}pt" '
        f'style:font-size-complex="{size}pt" fo:font-weight="{weight}" style:font-weight-complex="{weight}" '
        f'style:language-complex="ar" style:country-complex="EG"/>')
    def paragraph(style, size, align, weight="normal"):
        return (f'<style:style style:name="{style}" style:family="paragraph"><style:paragraph-properties '
                f'fo:text-align="{align}" style:writing-mode="{mode}" fo:margin-bottom="2mm" '
                f'style:justify-single-word="false"/>{text_style(size, weight)}</style:style>')
    ns = "urn:oasis:names:tc:opendocument:xmlns:"
    xml = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="{ns}office:1.0" xmlns:style="{ns}style:1.0" xmlns:text="{ns}text:1.0"
 xmlns:table="{ns}table:1.0" xmlns:fo="{ns}xsl-fo-compatible:1.0" xmlns:svg="{ns}svg-compatible:1.0"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="F" svg:font-family="'{name}'"/></office:font-face-decls>
<office:automatic-styles>{paragraph("P", 13, "justify")}{paragraph("F", 10, "start")}
{paragraph("H1", 18, "start", "bold")}{paragraph("H2", 15, "start", "bold")}
<style:style style:name="S" style:family="section"><style:section-properties style:writing-mode="{mode}">
<style:columns fo:column-count="2" fo:column-gap="8mm"/></style:section-properties></style:style>
<style:style style:name="T" style:family="table"><style:table-properties style:width="16cm" style:writing-mode="{mode}"/></style:style>
<style:style style:name="C" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000" fo:padding="1mm"/></style:style>
</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document>"""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.fodt"
        file.write_text(xml, encoding="utf-8")
        subprocess.run(["soffice", f"-env:UserInstallation=file://{tempfile.gettempdir()}/lo-profile", "--headless",
                        "--convert-to", target, "--outdir", folder, str(file)], check=True, capture_output=True, timeout=180)
        shutil.move(f"{folder}/a.pdf", out)


def typst(text, language, layout, font, out):
    import typst as program
    all_blocks = list(blocks(source(text, language)))
    notes = [content for kind, content in all_blocks if kind == "note"]
    quote = lambda s: "#" + repr_typst(s) + ";"
    def repr_typst(s):
        return '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"'
    lines = [f'#set page(paper: "a4")', f'#set par(justify: true)',
             f'#set text(font: "{FONTS[font][0]}", size: 12pt, lang: "{language}", dir: {"rtl" if language == "ar" else "ltr"})']
    body = []
    for kind, content in all_blocks:
        if kind == "note":
            continue
        if kind == "table":
            cells = ", ".join("[" + quote(c) + "]" for row in content for c in row)
            body.append(f"#table(columns: {len(content[0])}, {cells})")
            continue
        pieces = NOTE.split(content)
        made = quote(("• " if kind == "ul" else "") + pieces[0])
        for number, rest in zip(pieces[1::2], pieces[2::2]):
            made += f"#footnote[{quote(notes[int(number) - 1])}]" + quote(rest)
        body.append({"h1": "= ", "h2": "== "}.get(kind, "") + made)
    joined = "\n\n".join(body)
    if layout == "columns":
        joined = f"#columns(2, gutter: 8mm)[\n{joined}\n]"
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.typ"
        file.write_text("\n".join(lines) + "\n" + joined, encoding="utf-8")
        program.compile(str(file), output=str(out))


def flat(text, language):
    """The blocks as paragraphs, for programs without layout."""
    for kind, content in blocks(source(text, language)):
        if kind == "table":
            for row in content:
                yield from (("p", cell) for cell in row)
        else:
            yield kind, NOTE.sub("", content)


def reportlab(text, language, layout, font, out):
    # Without layout and fallback fonts: KacstBook has no full stop, Scheherazade no presentation forms,
    # Noto Naskh neither Latin letters nor brackets.
    if font in ("kacst", "scheherazade") or font == "naskh" and text in ("mixed", "law") or layout != "page" or text in ("table", "footnotes"):
        return
    import arabic_reshaper
    from bidi.algorithm import get_display
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen import canvas
    pdfmetrics.registerFont(TTFont(font, FONTS[font][1]))
    shaper = arabic_reshaper.ArabicReshaper(configuration={"delete_harakat": False, "support_ligatures": True})
    page = canvas.Canvas(str(out), pagesize=(595, 842))
    y = 780
    for kind, content in flat(text, language):
        size = {"h1": 18, "h2": 15}.get(kind, 13)
        line, lines = "", []
        shaped = (lambda s: shaper.reshape(s)) if language == "ar" else (lambda s: s)
        for word in content.split():
            longer = (line + " " + word).strip()
            if pdfmetrics.stringWidth(shaped(longer), font, size) > 480:
                lines.append(line)
                line = word
            else:
                line = longer
        for line in lines + [line]:
            page.setFont(font, size)
            if language == "ar":
                page.drawRightString(540, y, get_display(shaped(line), base_dir="R"))
            else:
                page.drawString(55, y, line)
            y -= size * 1.7
            if y < 60:
                page.showPage()
                y = 780
        y -= 6
    page.save()


def fpdf2(text, language, layout, font, out):
    if font == "kacst" or font == "naskh" and text in ("mixed", "law") or layout != "page" or text in ("table", "footnotes"):
        return
    from fpdf import FPDF
    pdf = FPDF()
    pdf.add_page()
    pdf.add_font("f", fname=FONTS[font][1])
    pdf.set_text_shaping(True, direction="rtl" if language == "ar" else "ltr", script="arab" if language == "ar" else "latn")
    for kind, content in flat(text, language):
        pdf.set_font("f", size={"h1": 18, "h2": 15}.get(kind, 13))
        pdf.multi_cell(0, None, content, align="R" if language == "ar" else "L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(2)
    pdf.output(str(out))


def pango(text, language, layout, font, out):
    if layout != "page" or text in ("table", "footnotes"):
        return
    if not shutil.which("pango-view"):
        raise ImportError("pango-view")
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.txt"
        file.write_text("\n\n".join(c for _, c in flat(text, language)), encoding="utf-8")
        subprocess.run(["pango-view", "-q", f"--font={FONTS[font][0]} 13", "--width=480", "--justify", "--margin=40",
                        *(["--rtl"] if language == "ar" else []), f"--output={out}", str(file)], check=True, capture_output=True)


def xelatex(text, language, layout, font, out):
    # Without fallback fonts, as for ReportLab.
    if font == "kacst" or font == "naskh" and text in ("mixed", "law"):
        return
    if not shutil.which("xelatex"):
        raise ImportError("xelatex")
    all_blocks = list(blocks(source(text, language)))
    notes = [content for kind, content in all_blocks if kind == "note"]
    # An author marks what runs from left to right: the program does not find it.
    left = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,:/@+-]*[A-Za-z0-9]")
    mark = lambda s: left.sub(r"\\LR{\\latin \g<0>}", s) if language == "ar" else s
    quote = lambda s: re.sub(r"([#$%&_])", r"\\\1", mark(s)).replace('"', r"{\char34}")
    parts = []
    for kind, content in all_blocks:
        if kind == "note":
            continue
        if kind == "table":
            rows = " ".join(" & ".join(map(quote, row)) + r" \\ \hline" for row in content)
            columns = "|" + r"p{0.2\textwidth}|" * len(content[0])
            parts.append(rf"\begin{{tabular}}{{{columns}}} \hline {rows} \end{{tabular}}")
            continue
        body = NOTE.sub(lambda m: rf"\footnote{{{quote(notes[int(m[1]) - 1])}}}", quote(content))
        parts.append({"h1": rf"\section*{{{body}}}", "h2": rf"\subsection*{{{body}}}",
                      "ul": "• " + body}.get(kind, body))
    body = "\n\n".join(parts)
    if layout == "columns":
        body = rf"\begin{{multicols}}{{2}}{body}\end{{multicols}}"
    file, path = FONTS[font][1].rsplit("/", 1)[1], FONTS[font][1].rsplit("/", 1)[0] + "/"
    load = lambda name, script: rf"\newfontfamily\{name}[Path={path},Script={script}]{{{file}}}"
    main_font = load("arabicfont", "Arabic") if language == "ar" else rf"\setmainfont[Path={path}]{{{file}}}"
    name = {"ar": r"\setmainlanguage[numerals=maghrib]{arabic}", "en": r"\setmainlanguage{english}"}[language]
    page = rf"""\documentclass[12pt,a4paper]{{article}}
\usepackage{{fontspec,multicol}}
\usepackage{{polyglossia}}
{name}
{main_font}
\newfontfamily\latin[Path={path}]{{{file}}}
\begin{{document}}
{body}
\end{{document}}"""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.tex"
        file.write_text(page, encoding="utf-8")
        subprocess.run(["xelatex", "-interaction=nonstopmode", "-halt-on-error", "-output-directory", folder, str(file)],
                       check=True, capture_output=True, timeout=180)
        shutil.move(f"{folder}/a.pdf", out)


PROGRAMS = {f.__name__: f for f in (chromium, weasyprint, weasyprint_tagged, libreoffice, libreoffice_tagged, typst, reportlab, fpdf2, pango, xelatex)}


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or PROGRAMS:
        try:
            for font in FONTS:
                for text, layout in JOBS:
                    for language in ("ar", "en"):
                        if language == "en" and (font not in ("dejavu", "amiri") or not (TEXTS / f"{text}.en.txt").exists()):
                            continue
                        file = out / f"{text}.{language}.{layout}.{name}.{font}.pdf"
                        if not file.exists():
                            PROGRAMS[name](text, language, layout, font, file)
        except (ImportError, FileNotFoundError) as error:
            print(f"skipped: {name}: {error}")
        except Exception as error:
            print(f"failed: {file}: {error!r}"[:500])


if __name__ == "__main__":
    main()
