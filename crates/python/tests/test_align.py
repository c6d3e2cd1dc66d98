"""Alignments: the same as the program's, and with properties of their own."""

import pickle

import nasaq
import pytest
from conftest import ROOT

ARABIC = "وصل القطار. لم ينتظره أحد."
ENGLISH = "The train arrived. Nobody was waiting for it."


def without_chars(beads):
    return [{k: v for k, v in bead.items() if not k.endswith("_chars")} for bead in beads]


def texts(folder, ending=".txt"):
    return [(folder / f"{side}{ending}").read_bytes().decode("utf-8") for side in ("ar", "en")]


def test_texts_have_the_beads_of_the_program(bitext, beads_of):
    files = bitext / "ar.txt", bitext / "en.txt"
    found = nasaq.align(*texts(bitext)).to_dicts("ar.txt")
    assert without_chars(found) == beads_of(*files)


def test_lists_and_lines_have_the_beads_of_segmented_files(bitext, beads_of):
    files = bitext / "ar.segments.txt", bitext / "en.segments.txt"
    expected = beads_of(*files, "--segmented")
    src, tgt = texts(bitext, ".segments.txt")
    lists = nasaq.align(src.splitlines(), tgt.splitlines())
    lines = nasaq.align(src, tgt, segmented=True)
    assert without_chars(lists.to_dicts("ar.segments.txt")) == expected
    assert without_chars(lines.to_dicts("ar.segments.txt")) == expected


def test_settings_have_the_effect_that_they_have_in_the_program(bitext, beads_of):
    files = bitext / "en.txt", bitext / "ar.txt"
    src, tgt = reversed(texts(bitext))
    aligner = nasaq.Aligner(src_lang="en", split_long=True, precision="f32", threads=1)
    found = aligner.align(src, tgt).to_dicts("en.txt")
    options = "--src-lang", "en", "--split-long", "--precision", "f32"
    assert without_chars(found) == beads_of(*files, *options)


def test_moved_text_is_paired_unless_the_alignment_is_monotone(beads_of):
    folder = ROOT / "corpora/travel"
    files = folder / "ar.segments.txt", folder / "en.segments.txt"
    src, tgt = (file.read_text("utf-8") for file in files)
    found = nasaq.align(src, tgt, segmented=True)
    moved = [bead for bead in found if bead.moved]
    assert [bead.src_segments[0] for bead in moved] == [7, 8, 9, 10]
    assert [bead.tgt_segments for bead in moved] == [(40, 41), (41, 43), (43, 44), (44, 45)]
    assert moved[0].to_dict()["moved"] is True and "moved" not in found[0].to_dict()
    dicts = found.to_dicts("ar.segments.txt")
    assert without_chars(dicts) == beads_of(*files, "--segmented")
    monotone = nasaq.Aligner(monotone=True).align(src, tgt, segmented=True)
    assert not any(bead.moved for bead in monotone)
    assert [bead.counterpart for bead in monotone if bead.src_segments == (7, 8)] == [(40, 45)]


def test_a_lexicon_is_read_as_in_the_program(bitext, beads_of, tmp_path):
    lexicon = tmp_path / "terms.tsv"
    lexicon.write_text("قطار\ttrain\nريح\twind\t0.5\n", "utf-8")
    files = bitext / "ar.txt", bitext / "en.txt"
    expected = beads_of(*files, "--lexicon", lexicon)
    for terms in (lexicon, [lexicon], [("قطار", "train"), ("ريح", "wind", 0.5)]):
        found = nasaq.align(*texts(bitext), lexicon=terms).to_dicts("ar.txt")
        assert without_chars(found) == expected


def test_alignments_agree_with_gold(bitext):
    gold = (bitext / "gold.ladder").read_text("utf-8")
    found = nasaq.align(*texts(bitext, ".segments.txt"), segmented=True)
    result = nasaq.evaluate(gold, found)
    assert result.strict.f1 > 0.85
    assert result == nasaq.evaluate(gold, found.to_ladder())
    twice = result + result
    assert twice.strict.f1 == result.strict.f1
    assert twice.strict.test[1] == 2 * result.strict.test[1] == 2 * len(found)


def test_ladders_are_those_of_the_program(bitext, program):
    files = bitext / "ar.txt", bitext / "en.txt"
    expected = program("align", "-q", *files, "--to", "ladder")
    assert nasaq.align(*texts(bitext)).to_ladder() == expected


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_ranges_refer_to_the_strings(bitext, mark):
    src, tgt = (mark + text for text in texts(bitext))
    found = nasaq.align(src, tgt)
    for text, segments in ((src, found.src_segments), (tgt, found.tgt_segments)):
        data = text.encode("utf-8")[len(mark.encode("utf-8")):]
        for segment in segments:
            assert text[slice(*segment.chars)] == segment.text
            assert data[slice(*segment.bytes)].decode("utf-8") == segment.text
    for bead in found:
        inside = found.src_segments[slice(*bead.src_segments)]
        assert bead.src == " ".join(segment.text for segment in inside)
        if inside:
            assert src[slice(*bead.src_chars)].startswith(inside[0].text)
            assert src[slice(*bead.src_chars)].endswith(inside[-1].text)


def test_an_alignment_is_a_sequence_of_beads():
    found = nasaq.align(ARABIC, ENGLISH)
    assert len(found) == 2 and found[-1] is found.beads[1] and found[:1] == found.beads[:1]
    assert [bead.kind for bead in found] == ["1-1", "1-1"]
    assert found.pairs(0.9) == [
        ("وصل القطار.", "The train arrived."),
        ("لم ينتظره أحد.", "Nobody was waiting for it."),
    ]
    assert repr(found).startswith("<Alignment of 2 and 2 segments: 2 beads, document score 0.9")
    assert repr(found[0]).startswith("<Bead 1-1 [0:1]~[0:1] p=0.9")
    assert pickle.loads(pickle.dumps(found)) == found


def test_anchored_segments_are_in_one_bead():
    src, tgt = ["أ", "ب", "ج"], ["x", "y", "z"]
    found = nasaq.align(src, tgt, anchors=[(2, 1), (0, 0)])
    assert any(
        bead.src_segments[0] <= 2 < bead.src_segments[1]
        and bead.tgt_segments[0] <= 1 < bead.tgt_segments[1]
        for bead in found
    )


def test_null_beads_have_an_empty_side():
    found = nasaq.align([*"أبج", "وصل القطار إلى المحطة."], ["The train reached the station."])
    assert [bead.is_null for bead in found].count(False) == 1
    assert all(bead.src == "" or bead.tgt == "" for bead in found if bead.is_null)


def test_missing_text_is_a_finding():
    sides = [(ROOT / "corpora/news" / f"{side}.txt").read_text("utf-8") for side in ("ar", "en")]
    findings = nasaq.align(*sides).findings
    assert {finding.kind for finding in findings} == {"omitted", "added"}
    assert findings[0].src_segments == (0, 1) and findings[0].tgt_segments == (0, 0)


WRAPPED = (
    "The old potter went down to the river\nevery morning before the village woke.\nHe took a reed "
    "basket with him and a\nshort knife, and he said little.\n"
)
POTTER = "كان الخزاف العجوز ينزل إلى النهر كل صباح قبل أن تستيقظ القرية.\nكان يأخذ سلة وسكينا.\n"


def test_line_ends_are_treated_as_in_the_program(tmp_path, beads_of):
    files = tmp_path / "a.ar", tmp_path / "a.en"
    for file, text in zip(files, (POTTER, WRAPPED)):
        file.write_text(text, "utf-8")
    for lines, count in (("auto", 2), ("join", 2), ("keep", 4)):
        found = nasaq.align(POTTER, WRAPPED, lines=lines)
        assert len(found.tgt_segments) == count, lines
        assert without_chars(found.to_dicts("a.ar")) == beads_of(*files, "--lines", lines)
        assert len(nasaq.segment(WRAPPED, "en", lines=lines)) == count
        notes = [warning for warning in found.warnings if warning.kind == "wrapped-lines"]
        assert len(notes) == (lines != "keep")
        assert all(note.is_note and note.hint == 'if it is not, use lines="keep"' for note in notes)


def test_abbreviations_end_no_sentence(tmp_path):
    text = "She met Engr. Sami. He left."
    assert len(nasaq.segment(text, "en")) == 3
    words = tmp_path / "words.txt"
    words.write_text("# of engineers\nen\tengr.\n", "utf-8")
    for given in (words, str(words), ["engr"], [("en", "engr.")], [(None, "engr")]):
        assert len(nasaq.segment(text, "en", abbreviations=given)) == 2
        found = nasaq.align(ARABIC, text, abbreviations=given)
        assert len(found.tgt_segments) == 2
    assert len(nasaq.segment(text, "en", abbreviations=[("ar", "engr")])) == 3


def test_words_that_translate_each_other_are_linked(tmp_path, beads_of):
    src, tgt = "وصل القطار في الساعة 9 صباحاً.", "The train arrived at 9 in the morning."
    files = tmp_path / "a.ar", tmp_path / "a.en"
    for file, text in zip(files, (src, tgt)):
        file.write_text(text, "utf-8")
    aligner = nasaq.Aligner(words=True)
    for again in (aligner, pickle.loads(pickle.dumps(aligner))):
        found = again.align(src, tgt)
        assert "1-1" in found[0].words.split() and "4-4" in found[0].words.split()
        assert without_chars(found.to_dicts("a.ar")) == beads_of(*files, "--words")
    (bead,) = nasaq.align(src, tgt)
    assert bead.words is None and "words" not in bead.to_dict()


def test_texts_that_are_not_translations_have_warnings():
    assert nasaq.align(ARABIC, ENGLISH).warnings == ()
    (warning,) = nasaq.align(ENGLISH, ARABIC).warnings
    assert not warning.is_note
    assert warning.kind == "swapped-languages"
    assert warning.reason.startswith("the languages look swapped: the source text looks English")
    assert warning.hint == 'use src_lang="en" and tgt_lang="ar", or swap the texts'
    kinds = [warning.kind for warning in nasaq.align("أ. ب.", ["word"] * 50).warnings]
    assert "lopsided" in kinds
