#!/usr/bin/env bash
# Creates the pictures in docs/images of a report of corpora/: light, dark, on a phone, and the first
# printed page. Needs chromium and poppler-utils (pdftoppm).
set -euo pipefail
cd "$(dirname "$0")/../.."
NASAQ_PICTURES=$(realpath docs/images) cargo test -p nasaq-cli --test integration report::pictures
pdftoppm -r 80 -f 1 -l 1 -singlefile -png docs/images/report-print.pdf docs/images/report-print
rm docs/images/report-print.pdf
