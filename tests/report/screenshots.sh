#!/usr/bin/env bash
# Makes the pictures of a report in docs/images: light, dark, on a phone, and its first printed page.
# Needs chromium and, for the printed page, pdftoppm (poppler-utils).
#
#   tests/report/screenshots.sh report.html [FOLDER]
set -euo pipefail
report=$(realpath "$1")
folder=$(realpath "${2:-"$(dirname "$0")/../../docs/images"}")
chromium=${CHROMIUM:-chromium}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

browse() {
    "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$work/profile" --virtual-time-budget=4000 "$@" "file://$report" >/dev/null 2>&1
}

browse --window-size=1280,1500 --screenshot="$folder/report-light.png"
browse --window-size=1280,1500 --blink-settings=preferredColorScheme=0 --screenshot="$folder/report-dark.png"
browse --window-size=500,1500 --screenshot="$work/wide.png"
# Headless windows are not narrower than 500 pixels: a frame of 360 is.
printf '<!doctype html><body style="margin:0"><iframe src="%s" width="360" height="1400" style="border:0">' \
    "file://$report" > "$work/phone.html"
report="$work/phone.html" browse_phone=1
"$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars \
    --disable-background-networking --disable-component-update --disable-sync \
    --user-data-dir="$work/profile" --virtual-time-budget=4000 --window-size=500,1400 \
    --screenshot="$work/phone.png" "file://$work/phone.html" >/dev/null 2>&1
