#!/usr/bin/env bash
# Creates docs/images/align.png: the terminal table of the bundled news page, as the program prints it on a
# terminal of 100 columns. Needs aha, chromium and script (util-linux). NASAQ names the program.
set -euo pipefail
cd "$(dirname "$0")/../.."
nasaq=${NASAQ:-target/release/nasaq}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

{
    echo '<!doctype html><meta charset="utf-8"><body style="margin: 18px; background: #0d1117">'
    echo '<pre style="font: 15px/1.35 DejaVu Sans Mono, monospace; color: #e6edf3; width: max-content">'
    printf '$ nasaq align ar.txt en.txt\n\n'
    script --quiet --return /dev/null --command \
        "stty cols 100; COLORTERM= TERM=xterm-256color $nasaq align corpora/news/ar.txt corpora/news/en.txt" |
        tr -d '\r' | aha --black --no-header
    echo '</pre>'
} >"$folder/align.html"
chromium --headless --no-sandbox --hide-scrollbars --window-size=1000,980 \
    --screenshot="$PWD/docs/images/align.png" "file://$folder/align.html" 2>/dev/null
