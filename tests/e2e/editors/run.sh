#!/usr/bin/env bash
# Drives real Neovims, Helixes and Emacsen with the configuration that clients/ ships. PYTHON, with maimod beside it, runs the tests.
# MAIMOD_EDITORS is the folder for the editors (by default one in MAIMOD_CACHE, which is kept between runs); arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/../../.."
export MAIMOD_EDITORS=${MAIMOD_EDITORS:-${MAIMOD_CACHE:-$HOME/.cache/maimod-e2e}/editors}
tests/e2e/editors/install.sh "$MAIMOD_EDITORS"
exec "${PYTHON:-python3}" -m pytest -q tests/e2e/editors "$@"
