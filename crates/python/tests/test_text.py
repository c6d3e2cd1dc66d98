"""Sentences, features of pairs and vectors: the cases of the Rust tests."""

import json

import nasaq
import numpy
import pytest
from conftest import cases


def test_cases_are_segmented_as_written():
    for case in cases("text", "segment"):
        semicolons = case.get("semicolons", False)
        found = nasaq.segment(case["text"], case["language"], semicolons=semicolons)
        assert [segment.text for segment in found] == case["sentences"], case["name"]
        for segment in found:
            assert case["text"][slice(*segment.chars)] == segment.text


def test_segments_are_those_of_the_program(bitext, program):
    for lang in ("ar", "en"):
        text = (bitext / f"{lang}.txt").read_bytes().decode("utf-8")
        lines = program("segment", bitext / f"{lang}.txt", "--lang", lang, "--to", "jsonl")
        expected = [json.loads(line) for line in lines.splitlines()]
        found = nasaq.segment(text, lang)
        assert [segment.text for segment in found] == [row["text"] for row in expected]
        assert [list(segment.bytes) for segment in found] == [row["bytes"] for row in expected]


def test_features_are_as_written():
    aligner = nasaq.Aligner()
    for case in cases("quality", "quality"):
        kinds = [case["kind"]] if "kind" in case else None
        pair = [case["arabic"]], [case["english"]]
        (rated,) = aligner.score(*pair, kinds=kinds, encoder=False)
        for name, value in case.get("is", {}).items():
            assert rated.features[name] == pytest.approx(value, abs=1e-5), (pair, name)
        for name, value in case.get("min", {}).items():
            assert rated.features[name] >= value - 1e-6, (pair, name)
        for name, value in case.get("max", {}).items():
            assert rated.features[name] <= value + 1e-6, (pair, name)


def test_qualities_are_those_of_the_program(bitext, program, tmp_path):
    files = bitext / "ar.txt", bitext / "en.txt"
    aligned = tmp_path / "aligned.jsonl"
    program("align", "-q", *files, "-o", aligned)
    rated = program("score", "-q", aligned, "--to", "jsonl")
    expected = [json.loads(line) for line in rated.splitlines()]
    columns = [[row[name] for row in expected] for name in ("src", "tgt", "kind")]
    found = nasaq.score(*columns[:2], kinds=columns[2])
    for row, quality in zip(expected, found):
        assert quality.quality == pytest.approx(row["quality"], abs=6e-5)
        assert 0.0 <= quality.quality <= 1.0
    swapped = nasaq.score(columns[1], columns[0], src_lang="en", kinds=[
        "-".join(reversed(kind.split("-"))) for kind in columns[2]
    ])
    assert swapped == found


def test_every_feature_has_a_value():
    (rated,) = nasaq.score(["شكراً"], ["Thanks"])
    assert list(rated.features) == list(nasaq.FEATURES)
    assert rated.duplicates == 1 and rated.cluster == 0
    assert repr(rated).startswith("<Quality 0.")


def test_vectors_have_unit_length_and_compare_meanings():
    vectors = nasaq.encode(["وصل القطار.", "The train arrived.", "I like tea."])
    assert vectors.shape == (3, 512) and vectors.dtype == numpy.float32
    assert numpy.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
    assert nasaq.encode([]).shape == (0, 512)
    vectors[0] = 0  # The array is writable.
