#!/usr/bin/env bash
# Creates the pictures in docs/images of the page of a review: both languages, light, dark, on a phone,
# and a row of moved text. Needs chromium.
set -euo pipefail
cd "$(dirname "$0")/../.."
NASAQ_PICTURES=$(realpath docs/images) cargo test --workspace --test integration -- review::pictures
