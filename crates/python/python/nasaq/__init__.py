"""Aligns Arabic text with its English translation, sentence by sentence.

>>> import nasaq
>>> alignment = nasaq.align("وصل القطار. لم ينتظره أحد.", "The train came. Nobody waited.")
>>> [(bead.src, bead.tgt) for bead in alignment]
[('وصل القطار.', 'The train came.'), ('لم ينتظره أحد.', 'Nobody waited.')]

- `align`, `Aligner`: a document and its translation in, beads with probabilities out.
- `align_batch`: the same for Arrow batches with one document per row; `nasaq.spark.align` for Spark.
- `segment`, `encode`, `score`, `evaluate`: sentences, vectors, quality of pairs, agreement with gold.
- `read`: a document in any format that the program reads.
- `align_corpus`, `convert`, `filter`, `report`, `merge`, `terms`: commands of the program, on files.

Results are the same as those of the program ``nasaq``, on any CPU and with any number of threads.
The model is part of the package. Errors are subclasses of `NasaqError`; what looks wrong but can be
aligned is in `Alignment.warnings`.
"""

from ._aligner import FEATURES, Aligner
from ._commands import (
    Message,
    ProgramResult,
    align_corpus,
    convert,
    merge,
    report,
    terms,
)
# Not in __all__: `from nasaq import *` must not hide the built-in function.
from ._commands import filter as filter
from ._document import Document, DocumentBlock, read
from ._errors import InputError, InternalError, NasaqError, ProgramError, SettingError
from ._functions import (
    align,
    align_batch,
    batch_warnings,
    encode,
    evaluate,
    score,
    segment,
)
from ._native import __version__
from ._types import (
    Agreement,
    Alignment,
    AlignmentWarning,
    Bead,
    Evaluation,
    Finding,
    Quality,
    Segment,
)

__all__ = [
    "FEATURES",
    "Agreement",
    "Aligner",
    "Alignment",
    "AlignmentWarning",
    "Bead",
    "Document",
    "DocumentBlock",
    "Evaluation",
    "Finding",
    "InputError",
    "InternalError",
    "Message",
    "NasaqError",
    "ProgramError",
    "ProgramResult",
    "Quality",
    "Segment",
    "SettingError",
    "__version__",
    "align",
    "align_batch",
    "align_corpus",
    "batch_warnings",
    "convert",
    "encode",
    "evaluate",
    "merge",
    "read",
    "report",
    "score",
    "segment",
    "terms",
]
