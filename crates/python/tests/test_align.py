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


def test_texts_that_are_not_translations_have_warnings():
    assert nasaq.align(ARABIC, ENGLISH).warnings == ()
    (warning,) = nasaq.align(ENGLISH, ARABIC).warnings
    assert warning.kind == "swapped-languages"
    assert warning.reason.startswith("the languages look swapped: the source text looks English")
    assert warning.hint == 'use src_lang="en" and tgt_lang="ar", or swap the texts'
    kinds = [warning.kind for warning in nasaq.align("أ. ب.", ["word"] * 50).warnings]
    assert "lopsided" in kinds
