from typing import Any, List, Optional, Sequence, Tuple, Union

_Range = Tuple[int, int]
_Segment = Tuple[str, _Range, _Range]
_Rung = Tuple[List[int], List[int], Optional[float]]

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
        src: Union[str, List[str]],
        tgt: Union[str, List[str]],
        segmented: bool,
        anchors: Sequence[_Range],
    ) -> Tuple[Any, ...]: ...
    def align_batch(
        self, batch: Any, names: Sequence[str], segmented: bool, nested: bool
    ) -> Any: ...
    def encode(self, texts: Sequence[str]) -> bytearray: ...
    def score(
        self,
        src: Sequence[str],
        tgt: Sequence[str],
        kinds: Optional[Sequence[_Range]],
        with_encoder: bool,
    ) -> List[Tuple[float, List[str], List[Optional[float]], Tuple[int, int, int, int]]]: ...

def segment(text: str, lang: str, semicolons: bool) -> List[_Segment]: ...
def read_lexicon(text: str) -> List[Tuple[str, str, float]]: ...
def read_ladder(text: str) -> List[_Rung]: ...
def write_ladder(rungs: Sequence[_Rung]) -> str: ...
def evaluate(gold: Sequence[_Rung], test: Sequence[_Rung]) -> Tuple[Any, ...]: ...
def features() -> List[Tuple[str, int, str]]: ...
