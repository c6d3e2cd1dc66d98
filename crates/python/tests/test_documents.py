"""Documents that are read from files: the same beads as the program's."""

import io
import pickle
import zipfile

import nasaq
import pytest
from conftest import ROOT

ARABIC = ["وصل القطار إلى المحطة قبل الفجر.", "لم يكن في انتظاره أحد.", "جلس المسافر على المقعد."]
ENGLISH = [
    "The train reached the station before dawn.",
    "Nobody was waiting for it.",
    "The traveller sat down.",
]


def page(heading, sentences, menu):
    body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return f"<html><body><nav><a href=x>{menu}</a></nav><h1>{heading}</h1>{body}</body></html>"


def docx(sentences):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        paragraphs = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in sentences)
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body>{paragraphs}</w:body></w:document>",
        )
    return out.getvalue()


def srt(sentences):
    return "".join(
        f"{index}\n00:00:0{index},000 --> 00:00:0{index},900\n{text}\n\n"
        for index, text in enumerate(sentences, 1)
    )


@pytest.fixture
def files(tmp_path):
    made = {
        "ar.html": page("القطار", ARABIC, "الرئيسية").encode(),
        "en.html": page("The train", ENGLISH, "Home").encode(),
        "ar.docx": docx(ARABIC),
        "en.docx": docx(ENGLISH),
        "ar.srt": srt(ARABIC).encode(),
        "en.srt": srt(ENGLISH).encode(),
        "ar.txt": " ".join(ARABIC).encode("windows-1256"),
        "en.txt": " ".join(ENGLISH).encode(),
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def without_chars(beads):
    return [{k: v for k, v in bead.items() if not k.endswith("_chars")} for bead in beads]


@pytest.mark.parametrize("src, tgt, options, program_options", [
    ("ar.html", "en.html", {}, []),
    ("ar.html", "en.docx", {"main": True}, ["--main"]),
    ("ar.docx", "en.srt", {}, []),
    ("ar.srt", "en.srt", {}, []),
    ("ar.txt", "en.html", {}, []),
    ("ar.txt", "en.txt", {"encoding": "windows-1256"}, ["--encoding", "windows-1256"]),
])
def test_documents_have_the_beads_of_the_program(
    files, beads_of, src, tgt, options, program_options
):
    documents = [
        nasaq.read(files / name, lang=lang, **options) for name, lang in ((src, "ar"), (tgt, "en"))
    ]
    found = nasaq.align(*documents)
    assert without_chars(found.to_dicts(src)) == beads_of(files / src, files / tgt, *program_options)
    for bead in found:
        if bead.tgt_segments[0] < bead.tgt_segments[1]:
            assert documents[1].text[slice(*bead.tgt_chars)].split() == bead.tgt.split()


def test_a_document_has_blocks(files):
    document = nasaq.read(files / "ar.html", main=True)
    assert (document.format, document.encoding) == ("html", "UTF-8")
    assert [block.kind for block in document.blocks] == ["h1", "paragraph", "paragraph", "paragraph"]
    for block in document.blocks:
        assert document.text[slice(*block.chars)] == block.text
    assert "الرئيسية" in nasaq.read(files / "ar.html").text
    assert nasaq.read(files / "ar.srt").blocks[1].time == (2000, 2900)
    assert repr(document).startswith("<Document ") and len(document) == len(document.text)
    plain = nasaq.read(str(files / "en.txt"))
    assert plain.blocks == () and plain.warnings == ()


def test_pdf_is_read_as_in_the_program(beads_of):
    src, tgt = (ROOT / f"tests/pdf/files/{name}.pdf" for name in (
        "prose.ar.page.typst.naskh", "prose.en.page.pango.amiri"
    ))
    if not src.exists():
        pytest.skip("the files are in the repository only")
    documents = [nasaq.read(path, lang=lang) for path, lang in ((src, "ar"), (tgt, "en"))]
    assert [document.format for document in documents] == ["pdf", "pdf"]
    found = nasaq.align(*documents)
    assert without_chars(found.to_dicts(src.name)) == beads_of(src, tgt)
    assert found.document_score > 0.5


def test_a_document_is_divided_as_in_the_program(files, program):
    lines = program("segment", "-q", files / "ar.html", "--lang", "ar").splitlines()
    found = nasaq.segment(nasaq.read(files / "ar.html"), "ar")
    assert [segment.text for segment in found] == lines


def test_documents_stand_beside_lists_and_lines(files):
    document = nasaq.read(files / "ar.docx")
    assert [bead.kind for bead in nasaq.align(document, ENGLISH)] == ["1-1"] * 3
    lines = nasaq.align(document, "\n".join(ENGLISH), segmented=True)
    assert [bead.kind for bead in lines] == ["1-1"] * 3


def test_a_guessed_encoding_is_a_warning(files):
    text = (" ".join(ARABIC) + "\n") * 5
    (files / "long.txt").write_bytes(text.encode("windows-1256"))
    document = nasaq.read(files / "long.txt")
    assert document.encoding == "windows-1256" and document.text == text
    assert [(warning.kind, warning.is_note) for warning in document.warnings] == [("encoding", True)]
    assert "encoding=" in document.warnings[0].hint
    assert nasaq.align(document, " ".join(ENGLISH * 5)).warnings[0].kind == "encoding"


def test_unreadable_documents_are_errors(files):
    with pytest.raises(FileNotFoundError):
        nasaq.read(files / "none.txt")
    with pytest.raises(nasaq.InputError, match="a.txt"):
        (files / "a.txt").write_bytes(b"%PDF-1.7 ...")
        nasaq.read(files / "a.txt")
    with pytest.raises(nasaq.InputError) as caught:
        (files / "b.txt").write_bytes("وصل القطار.".encode("windows-1256"))
        nasaq.read(files / "b.txt")
    assert 'encoding="' in caught.value.hint, caught.value
    assert nasaq.read(files / "b.txt", encoding="windows-1256").text == "وصل القطار."
    with pytest.raises((nasaq.InputError, OSError)):
        nasaq.read(files)
    for wrong in ({"format": "pages"}, {"encoding": "latin-99"}, {"lang": "fr"}):
        with pytest.raises(nasaq.SettingError):
            nasaq.read(files / "en.txt", **wrong)
    with pytest.raises(TypeError):
        pickle.dumps(nasaq.read(files / "en.txt"))
