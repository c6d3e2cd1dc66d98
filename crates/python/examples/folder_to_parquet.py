"""From two folders of texts to a filtered Parquet and a report.

    python folder_to_parquet.py ARABIC_FOLDER ENGLISH_FOLDER OUT_FOLDER

Files with the same name below the two folders belong together. OUT_FOLDER gets

    pairs.parquet     the pairs that are sure and good, with the place of each in its document
    documents.tsv     a row a document: what became of it
    report.md         what there was, what was kept, and why the rest was not

Needs pyarrow.
"""

import argparse
from collections import Counter
from pathlib import Path

import nasaq
import pyarrow as pa
import pyarrow.parquet as pq

#: Documents that are aligned at a time.
BATCH = 64


def documents(arabic: Path, english: Path):
    """Gives batches of documents, read as they are needed."""
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
    """Gives a file's text, or nothing where it is not UTF-8: the document's row will say so."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def why_not(bead, quality, least_probability, least_quality):
    """Says why a bead is not kept; nothing where it is."""
    if not bead["src"] or not bead["tgt"]:
        return "no counterpart"
    if bead["probability"] < least_probability:
        return "doubtful alignment"
    if quality.duplicates > 1 and quality.cluster != bead["row"]:
        return "duplicate"
    if quality.quality < least_quality:
        return quality.reasons[0] if quality.reasons else "low quality"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("arabic", type=Path)
    parser.add_argument("english", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--probability", type=float, default=0.9, help="least of a bead")
    parser.add_argument("--quality", type=float, default=0.5, help="least of a pair")
    args = parser.parse_args()

    aligner = nasaq.Aligner()
    told, beads = ["id\tstatus\tdocument_score\tbeads\terror"], []
    for batch in documents(args.arabic, args.english):
        for row in aligner.align_batch(batch, output="documents").to_pylist():
            score = "" if row["document_score"] is None else f"{row['document_score']:.4f}"
            fields = [row["id"], row["status"], score, str(len(row["beads"])), row["error"] or ""]
            told.append("\t".join(fields))
            # Beads of documents that are no translations of each other say nothing.
            if row["status"] == "ok" and row["document_score"] >= 0.5:
                beads.extend({"doc": row["id"], **bead} for bead in row["beads"])
    if not beads:
        raise SystemExit("there is nothing to keep: are the names in both folders the same?")

    texts = [[bead[side] for bead in beads] for side in ("src", "tgt")]
    rated = aligner.score(*texts, kinds=[bead["kind"] for bead in beads])
    kept, rejected = [], Counter()
    for number, (bead, quality) in enumerate(zip(beads, rated)):
        reason = why_not({**bead, "row": number}, quality, args.probability, args.quality)
        if reason is None:
            kept.append({**bead, "quality": quality.quality})
        else:
            rejected[reason] += 1

    args.out.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(kept), args.out / "pairs.parquet")
    (args.out / "documents.tsv").write_text("\n".join(told) + "\n", "utf-8")
    failed = sum("\terror\t" in line for line in told)
    lines = [
        "# Corpus",
        "",
        f"{len(told) - 1} documents, {failed} of which failed (documents.tsv says why).",
        f"{len(beads)} beads, {len(kept)} kept ({len(kept) / len(beads):.1%}).",
        "",
        "| not kept because | beads |",
        "|---|---|",
        *(f"| {reason} | {count} |" for reason, count in rejected.most_common()),
        "",
    ]
    (args.out / "report.md").write_text("\n".join(lines), "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
