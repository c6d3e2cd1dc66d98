"""Aligns Arabic text with its English translation, sentence by sentence.

>>> import nasaq
>>> alignment = nasaq.align("وصل القطار. لم ينتظره أحد.", "The train came. Nobody waited.")
>>> [(bead.src, bead.tgt) for bead in alignment]
[('وصل القطار.', 'The train came.'), ('لم ينتظره أحد.', 'Nobody waited.')]

- `align`, `Aligner`: a document and its translation in, beads with probabilities out.
- `align_batch`: the same for Arrow batches, a document a row; `nasaq.spark.align` for Spark.
- `segment`, `encode`, `score`, `evaluate`: sentences, vectors, quality of pairs, agreement with gold.

Results are those of the program ``nasaq``, whatever the number of threads or the CPU. The model is
inside the package. Errors are `NasaqError` and its children.
"""

from ._aligner import FEATURES, Aligner, align, align_batch, encode, evaluate, score, segment
from ._errors import InputError, InternalError, NasaqError, SettingError
from ._native import __version__
from ._types import Agreement, Alignment, Bead, Evaluation, Finding, Quality, Segment

__all__ = [
    "FEATURES",
    "Agreement",
    "Aligner",
    "Alignment",
    "Bead",
    "Evaluation",
    "Finding",
    "InputError",
    "InternalError",
    "NasaqError",
    "Quality",
    "Segment",
    "SettingError",
    "__version__",
    "align",
    "align_batch",
    "encode",
    "evaluate",
    "score",
    "segment",
]
