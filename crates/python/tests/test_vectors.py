"""Vectors and encoders of the user."""

import copy
import pickle
import threading
import time

import nasaq
import numpy
import pytest

ARABIC = ["وصل القطار.", "لم ينتظره أحد.", "كان الجو باردا جدا.", "جلس المسافر."]
ENGLISH = [
    "The train arrived.",
    "Nobody was waiting for it.",
    "It was very cold.",
    "The traveller sat down.",
]
#: Vectors by which the targets are in another order.
EYE = numpy.eye(4, dtype=numpy.float32)


def test_vectors_are_used_in_place_of_the_encoder():
    found = nasaq.align(ARABIC, ENGLISH, vectors=(EYE, EYE))
    assert [(bead.src_segments, bead.tgt_segments) for bead in found] == [
        ((at, at + 1), (at, at + 1)) for at in range(4)
    ]
    # The third target is like the second and third source together.
    merged = numpy.array([EYE[0], EYE[1] + EYE[2], EYE[3]])
    found = nasaq.align(ARABIC, ENGLISH[:3], vectors=(EYE, merged), monotone=True)
    assert [bead.kind for bead in found] == ["1-1", "2-1", "1-1"]
    lines = nasaq.align("\n".join(ARABIC), "\n".join(ENGLISH), segmented=True, vectors=(EYE, EYE))
    assert len(lines) == 4


def test_vectors_of_the_encoder_align_as_without_windows(bitext):
    files = [bitext / f"{side}.segments.txt" for side in ("ar", "en")]
    src, tgt = (file.read_text("utf-8").splitlines() for file in files)
    vectors = nasaq.encode(src), nasaq.encode(tgt)
    gold = (bitext / "gold.ladder").read_text("utf-8")
    assert nasaq.evaluate(gold, nasaq.align(src, tgt, vectors=vectors)).strict.f1 > 0.7
    # Other types of numbers and orders in memory are converted.
    other = tuple(numpy.asfortranarray(array.astype(numpy.float64)) for array in vectors)
    assert nasaq.align(src, tgt, vectors=other) == nasaq.align(src, tgt, vectors=vectors)


@pytest.mark.parametrize("vectors, match", [
    ((EYE, EYE[:3]), "vectors of 3 segments"),
    ((EYE, EYE[:, :2]), "have 4 numbers"),
    ((EYE[0], EYE), "shape"),
    ((EYE,), "two arrays"),
    ((EYE * numpy.nan, EYE), "NaN"),
])
def test_vectors_that_do_not_fit_are_input_errors(vectors, match):
    with pytest.raises(nasaq.InputError, match=match):
        nasaq.align(ARABIC, ENGLISH, vectors=vectors)


def test_vectors_of_texts_that_are_not_divided_are_errors():
    with pytest.raises(nasaq.InputError, match="segments"):
        nasaq.align(" ".join(ARABIC), ENGLISH, vectors=(EYE, EYE))


def test_an_encoder_is_called_with_texts():
    calls = []

    def encode(texts):
        calls.append(list(texts))
        return nasaq.encode(texts) * 3

    aligner = nasaq.Aligner(encoder=encode)
    found = aligner.align(ARABIC, ENGLISH)
    assert [bead.kind for bead in found] == ["1-1"] * 4
    assert all(isinstance(text, str) for call in calls for text in call)
    assert aligner.dim == 512 and "encoder=" in repr(aligner)
    vectors = aligner.encode(ENGLISH)
    assert vectors.shape == (4, 512)
    assert numpy.linalg.norm(vectors, axis=1) == pytest.approx([1] * 4, abs=1e-5)
    assert nasaq.align(ARABIC, ENGLISH, encoder=encode) == found
    with pytest.raises(nasaq.SettingError, match="encoder"):
        aligner.score(ARABIC, ENGLISH)
    assert len(aligner.score(ARABIC, ENGLISH, encoder=False)) == 4


class Unhashable:
    __hash__ = None

    def __call__(self, texts):
        return nasaq.encode(texts)


def test_an_encoder_without_a_hash_is_copied():
    expected = nasaq.align(ARABIC, ENGLISH, encoder=Unhashable())
    aligner = nasaq.Aligner(encoder=Unhashable())
    for again in (copy.copy(aligner), pickle.loads(pickle.dumps(aligner))):
        assert again.align(ARABIC, ENGLISH) == expected


class Failing:
    """Raises at the call after the first, which asks for the length of the vectors."""

    def __init__(self, error):
        self.calls, self.error = 0, error

    def __call__(self, texts):
        self.calls += 1
        if self.calls > 1:
            raise self.error
        return numpy.ones((len(texts), 3))


@pytest.mark.parametrize("threads", [1, 3])
def test_exceptions_of_an_encoder_come_through(threads):
    error = LookupError("no such model")
    with pytest.raises(LookupError) as caught:
        nasaq.Aligner(encoder=Failing(error), threads=threads).align(ARABIC, ENGLISH)
    assert caught.value is error
    pa = pytest.importorskip("pyarrow")
    columns = {"id": list("abcdef"), "src": [ARABIC] * 6, "tgt": [ENGLISH] * 6}
    batch = pa.RecordBatch.from_pydict(columns)
    with pytest.raises(LookupError):
        nasaq.Aligner(encoder=Failing(error), threads=threads).align_batch(batch)
    with pytest.raises(LookupError):
        nasaq.Aligner(encoder=Failing(error), threads=threads).encode(ARABIC)


def test_wrong_arrays_of_an_encoder_are_input_errors():
    with pytest.raises(nasaq.InputError, match="shape"):
        nasaq.Aligner(encoder=lambda texts: [1.0])
    with pytest.raises(nasaq.SettingError, match="callable"):
        nasaq.Aligner(encoder="model")
    short = nasaq.Aligner(encoder=lambda texts: numpy.ones((1, 3)))
    with pytest.raises(nasaq.InputError, match="for 4 texts"):
        short.align(ARABIC, ENGLISH)
    broken = nasaq.Aligner(encoder=lambda texts: numpy.full((len(texts), 3), numpy.inf))
    with pytest.raises(nasaq.InputError, match="infinity"):
        broken.align(ARABIC, ENGLISH)


def test_other_threads_run_while_an_encoder_waits():
    def encode(texts):
        time.sleep(0.01)
        return nasaq.encode(texts)

    ticks, done = 0, threading.Event()

    def work():
        try:
            nasaq.Aligner(encoder=encode, threads=2).align(ARABIC, ENGLISH)
        finally:
            done.set()

    worker = threading.Thread(target=work)
    worker.start()
    while not done.wait(0.002):
        ticks += 1
    worker.join()
    assert ticks > 2
