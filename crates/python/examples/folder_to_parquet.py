"""Aligns two folders of texts and writes a filtered Parquet file and a report.

    python folder_to_parquet.py ARABIC_FOLDER ENGLISH_FOLDER OUT_FOLDER

Files with the same name in the two folders belong together. The program writes to OUT_FOLDER

    pairs.parquet     the pairs of high probability and quality, with their ranges in the documents
    documents.tsv     one row per document: its status and its score
    report.md         how many pairs were kept and why the others were rejected

Needs pyarrow.
"""

import argparse
from collections import Counter
from pathlib import Path

import nasaq
import pyarrow as pa
import pyarrow.parquet as pq

#: Documents per batch.
BATCH = 64


def documents(arabic: Path, english: Path):
    """Yields batches of documents, read when they are needed."""
    names = sorted(
        path.relative_to(arabic)
        for path in arabic.rglob("*.txt")
        if (english / path.relative_to(arabic)).is_file()
    )
    for start in range(0, len(names), BATCH):
        rows = [
            {
                "id": name.with_suffix("").as_posix(),
                "src": read(arabic / name),
                "tgt": read(english / name),
            }
            for name in names[start : start + BATCH]
        ]
        schema = pa.schema([(column, pa.string()) for column in ("id", "src", "tgt")])
        yield pa.RecordBatch.from_pylist(rows, schema)


def read(path: Path):
    """Returns the text of a file, or ``None`` if it is not UTF-8: its document then fails."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def rejection(bead, quality, min_probability, min_quality):
    """Returns why a bead is rejected, or ``None`` if it is kept."""
    if not bead["src"] or not bead["tgt"]:
        return "no counterpart"
    if bead["probability"] < min_probability:
        return "doubtful alignment"
    if quality.duplicates > 1 and quality.cluster != bead["row"]:
        return "duplicate"
    if quality.quality < min_quality:
        return quality.reasons[0] if quality.reasons else "low quality"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("arabic", type=Path)
    parser.add_argument("english", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--probability", type=float, default=0.9, help="min probability of a bead")
    parser.add_argument("--quality", type=float, default=0.5, help="min quality of a pair")
    args = parser.parse_args()

    aligner = nasaq.Aligner()
    statuses, beads = ["id\tstatus\tdocument_score\tbeads\terror"], []
    for batch in documents(args.arabic, args.english):
        for row in aligner.align_batch(batch, output="documents").to_pylist():
            score = "" if row["document_score"] is None else f"{row['document_score']:.4f}"
            fields = [row["id"], row["status"], score, str(len(row["beads"])), row["error"] or ""]
            statuses.append("\t".join(fields))
            # Beads of documents that are not translations of each other mean nothing.
            if row["status"] == "ok" and row["document_score"] >= 0.5:
                beads.extend({"doc": row["id"], **bead} for bead in row["beads"])
    if not beads:
        raise SystemExit("there are no beads: do the files of both folders have the same names?")

    texts = [[bead[side] for bead in beads] for side in ("src", "tgt")]
    rated = aligner.score(*texts, kinds=[bead["kind"] for bead in beads])
    kept, rejected = [], Counter()
    for index, (bead, quality) in enumerate(zip(beads, rated)):
        reason = rejection({**bead, "row": index}, quality, args.probability, args.quality)
        if reason is None:
            kept.append({**bead, "quality": quality.quality})
        else:
            rejected[reason] += 1

    args.out.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(kept), args.out / "pairs.parquet")
    (args.out / "documents.tsv").write_text("\n".join(statuses) + "\n", "utf-8")
    failed = sum("\terror\t" in line for line in statuses)
    lines = [
        "# Corpus",
        "",
        f"{len(statuses) - 1} documents, {failed} of which failed (see documents.tsv).",
        f"{len(beads)} beads, {len(kept)} kept ({len(kept) / len(beads):.1%}).",
        "",
        "| rejected because | beads |",
        "|---|---|",
        *(f"| {reason} | {count} |" for reason, count in rejected.most_common()),
        "",
    ]
    (args.out / "report.md").write_text("\n".join(lines), "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
