"""Aligns a corpus with the program and with Spark under failures, and compares the results.

    check.py FOLDER     FOLDER/corpus has ar/… and en/…, made by `xtask make-corpus`
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nasaq.spark
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

FIELDS = ["kind", "src", "tgt", "probability", "score"]
RANGES = ["src_segments", "tgt_segments", "src_bytes", "tgt_bytes"]


def documents(folder):
    """Returns the documents of the corpus, and two that cannot be aligned."""
    found = []
    for path in sorted((folder / "corpus/ar").rglob("*.txt")):
        name = path.relative_to(folder / "corpus/ar")
        tgt = (folder / "corpus/en" / name).read_text("utf-8")
        found.append({"id": str(name), "src": path.read_text("utf-8"), "tgt": tgt})
    found.insert(len(found) // 2, {"id": "poisoned", "src": "ا\0\0", "tgt": "a"})
    found.append({"id": "same", "src": "نص", "tgt": "نص"})
    return found


def by_program(folder, rows, threads):
    """Returns the status and the beads of each document, from a stream of the program."""
    path = folder / "documents.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    command = [os.environ["NASAQ"], "align", "-q", "--jsonl", path, "--threads", str(threads)]
    start = time.monotonic()
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    seconds = time.monotonic() - start
    results = {}
    for line in output.decode("utf-8").splitlines():
        result = json.loads(line)
        beads = [
            tuple([bead[name] for name in FIELDS] + [bead[name][at] for name in RANGES for at in (0, 1)])
            for bead in result["beads"]
        ]
        results[result["id"]] = (result["status"], beads)
    return results, seconds


def by_spark(path):
    """Returns the same from the Parquet that Spark wrote."""
    results = {}
    columns = FIELDS + [f"{name}_{end}" for name in RANGES for end in ("start", "end")]
    table = pq.read_table(path).sort_by([("id", "ascending"), ("bead", "ascending")])
    seen = set()
    for row in table.to_pylist():
        assert (row["id"], row["bead"]) not in seen, f"{row['id']}: duplicate row"
        seen.add((row["id"], row["bead"]))
        status, beads = results.setdefault(row["id"], (row["status"], []))
        if status == "ok":
            # The shortest decimal of a 32-bit float, as JSON has it.
            beads.append(tuple(
                float(str(pa.scalar(row[name], pa.float32()).cast(pa.string()))) if name in ("probability", "score")
                else row[name]
                for name in columns
            ))
    return results


def compare(expected, found):
    missing = expected.keys() ^ found.keys()
    assert not missing, f"{len(missing)} documents are missing or unexpected: {sorted(missing)[:5]}"
    wrong = [name for name in expected if expected[name] != found[name]]
    assert not wrong, f"{len(wrong)} documents differ: {wrong[:3]}"
    failed = sorted(name for name, (status, _) in found.items() if status == "error")
    assert failed == ["poisoned", "same"], failed


def crash_once(flag):
    """Returns a function of batches whose process is killed the first time that it is called."""

    def work(batches):
        for batch in batches:
            try:
                os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    return work


def executors():
    """Lists the processes of the executors of local-cluster."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"org.apache.spark.executor.CoarseGrainedExecutorBackend" in words:
            parent = path.parent
            if is_descendant(int(parent.name)):
                found.append(int(parent.name))
    return found


def is_descendant(process):
    """Returns whether a process descends from this one."""
    while process > 1:
        if process == os.getpid():
            return True
        stat = Path(f"/proc/{process}/stat").read_text()
        process = int(stat.rpartition(")")[2].split()[1])
    return False


def kill_one(out, log):
    """Kills an executor once the job has written a file."""
    ended = time.monotonic() + 300
    while time.monotonic() < ended:
        found = executors() if any(out.rglob("part-*.parquet")) else []
        if found:
            os.kill(found[0], signal.SIGKILL)
            log.append(f"one of {len(found)} executors killed")
            return
        time.sleep(0.1)


def session(master):
    builder = SparkSession.builder.master(master).appName("nasaq")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "8",
        "spark.log.level": "ERROR",
        "spark.executor.memory": "512m",
        "spark.python.worker.reuse": "true",
    }.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def run(folder, master, rows, expected, prepare=None, meanwhile=None):
    out = folder / "out.parquet"
    shutil.rmtree(out, ignore_errors=True)
    spark = session(master)
    df = spark.read.parquet(str(folder / "documents.parquet"))
    df = df.repartition(16)
    if prepare:
        df = df.mapInArrow(prepare, df.schema)
    thread = threading.Thread(target=meanwhile) if meanwhile else None
    if thread:
        thread.start()
    start = time.monotonic()
    nasaq.spark.align(df).write.parquet(str(out))
    seconds = time.monotonic() - start
    if thread:
        thread.join()
    spark.stop()
    compare(expected, by_spark(out))
    return seconds


def main():
    folder = Path(sys.argv[1])
    rows = documents(folder)
    pq.write_table(pa.Table.from_pylist(rows), folder / "documents.parquet", row_group_size=100)
    expected, seconds = by_program(folder, rows, 2)
    count = len(rows)
    print(f"program, 2 threads: {count} documents, {seconds:.1f} s, {1000 * seconds / count:.2f} ms each")

    batch = pa.Table.from_pylist(rows).to_batches()[0]
    aligner = nasaq.Aligner(threads=2)
    start = time.monotonic()
    for at in range(0, count, 256):
        aligner.align_batch(batch.slice(at, 256))
    seconds = time.monotonic() - start
    print(f"align_batch, 2 threads: {seconds:.1f} s, {1000 * seconds / count:.2f} ms each")

    seconds = run(folder, "local[2,4]", rows, expected)
    print(f"local[2,4]: {seconds:.1f} s, {1000 * seconds / count:.2f} ms each; contents equal")

    flag = folder / "crashed"
    flag.unlink(missing_ok=True)
    seconds = run(folder, "local[2,4]", rows, expected, prepare=crash_once(str(flag)))
    assert flag.exists(), "no task was crashed"
    print(f"local[2,4], a task's Python killed once: {seconds:.1f} s; contents equal")

    log = []
    kill = lambda: kill_one(folder / "out.parquet", log)
    seconds = run(folder, "local-cluster[2,1,1024]", rows, expected, meanwhile=kill)
    assert log, "there was no executor to kill"
    print(f"local-cluster[2,1,1024], {log[0]}: {seconds:.1f} s; contents equal")


if __name__ == "__main__":
    main()
