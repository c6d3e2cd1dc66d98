#!/usr/bin/env bash
# Measures corpora of small documents: sentences per second and memory, with one thread and with two,
# and checks that both write the same bytes. Run it on an idle machine; it takes about ten minutes:
#
#   tests/measure_corpus.sh [FOLDER [SMALL LARGE]]    SMALL and LARGE are numbers of documents
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:-$(mktemp -d)}
small=${2:-2000}
large=${3:-20000}
cargo build --release --locked -p nasaq-cli -p xtask

run() { # name, corpus, options
    local name=$1 corpus=$2
    shift 2
    rm -rf "$work/out-$name"
    target/release/nasaq align --corpus "$work/$corpus/ar" "$work/$corpus/en" -q \
        -o "$work/out-$name" --metrics "$work/$name.json" "$@"
    value() { sed -n "s/^ *\"$1\": \([0-9]*\(\.[0-9][0-9]\)\{0,1\}\).*/\1/p" "$work/$name.json"; }
    printf '| %s | %s | %s | %s | %s | %s | %d |\n' "$name" "$(value documents)" \
        "$(value segments)" "$(value threads)" "$(value wall_seconds)" \
        "$(value segments_per_second)" "$(($(value peak_memory_bytes) >> 20))"
}

for documents in "$small" "$large"; do
    target/release/xtask make-corpus "$documents" "$work/$documents"
done
echo '| run | documents | segments | threads | seconds | segments/s | peak MB |'
echo '|---|---|---|---|---|---|---|'
for round in 1 2 3; do
    run "one-thread-$round" "$small" --threads 1
    run "two-threads-$round" "$small" --threads 2
done
run large "$large" --threads 2
run large-shards "$large" --threads 2 --to jsonl --shard-size 1000
diff -r "$work/out-one-thread-1" "$work/out-two-threads-1" && echo 'one thread and two write the same bytes'
cat "$work/large.json"
