from typing import Any, Callable, List, Optional, Sequence, Tuple, Union, final

_Range = Tuple[int, int]
_Segment = Tuple[str, _Range, _Range]
_Rung = Tuple[List[int], List[int], Optional[float]]
_Text = Union[str, List[str], "SourceDocument"]
_Abbreviation = Tuple[Optional[str], str]
_Warning = Tuple[str, str, Optional[str], bool]
_Block = Tuple[str, str, _Range, Optional[str], int, Optional[_Range]]

__all__ = [
    "Engine",
    "SourceDocument",
    "__version__",
    "evaluate",
    "features",
    "read_abbreviations",
    "read_document",
    "read_ladder",
    "read_lexicon",
    "run_program",
    "segment",
    "write_ladder",
]
__version__: str

@final
class Engine:
    def __new__(
        cls,
        src_lang: str,
        tgt_lang: str,
        split_long: bool,
        monotone: bool,
        max_segments: int,
        terms: Sequence[Tuple[str, str, float]],
        precision: str,
        model: Optional[bytes],
        threads: Optional[int],
        encoder: Optional[Tuple[Callable[[List[str]], bytes], int]],
        lines: str,
        abbreviations: Sequence[_Abbreviation],
        words: bool,
    ) -> "Engine": ...
    def panic_on(self, id: str) -> None: ...
    @property
    def dim(self) -> int: ...
    @property
    def threads(self) -> int: ...
    @property
    def model(self) -> str: ...
    def align(
        self,
        src: _Text,
        tgt: _Text,
        segmented: bool,
        anchors: Sequence[_Range],
        vectors: Optional[Tuple[bytes, bytes, int]],
    ) -> Tuple[Any, ...]: ...
    def align_batch(
        self,
        batch: Any,
        names: Sequence[str],
        segmented: bool,
        nested: bool,
        progress: Optional[Callable[[int], None]],
    ) -> Any: ...
    def encode(self, texts: Sequence[str]) -> bytearray: ...
    def score(
        self,
        src: Sequence[str],
        tgt: Sequence[str],
        kinds: Optional[Sequence[Optional[_Range]]],
        with_encoder: bool,
    ) -> List[Tuple[float, List[str], List[Optional[float]], Tuple[int, int, int, int]]]: ...

@final
class SourceDocument:
    @property
    def name(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def encoding(self) -> str: ...
    def blocks(self) -> List[_Block]: ...
    def warnings(self) -> List[_Warning]: ...

def read_document(
    path: str,
    format: Optional[str],
    encoding: Optional[str],
    lang: Optional[str],
    main: bool,
    descriptions: bool,
) -> SourceDocument: ...
def run_program(items: Sequence[str], launcher: Sequence[str]) -> int: ...
def segment(
    text: str, lang: str, semicolons: bool, lines: str, abbreviations: Sequence[_Abbreviation]
) -> List[_Segment]: ...
def read_lexicon(path: str) -> List[Tuple[str, str, float]]: ...
def read_abbreviations(path: str) -> List[_Abbreviation]: ...
def read_ladder(text: str) -> List[_Rung]: ...
def write_ladder(rungs: Sequence[_Rung]) -> str: ...
def evaluate(gold: Sequence[_Rung], test: Sequence[_Rung]) -> Tuple[Any, ...]: ...
def features() -> List[Tuple[str, int, str]]: ...
