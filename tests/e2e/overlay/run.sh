#!/usr/bin/env bash
# The overlay's tests: its modules by themselves, then the page in a real browser against a real daemon.
#   tests/e2e/overlay/run.sh           all of it
#   tests/e2e/overlay/run.sh --name-pattern dismissed   those tests of the browser whose name fits
# Needs Node 20 or newer and the program maimod (MAIMOD=…, else the one on the path). Installs Chromium with apt where there is none
# (CHROMIUM=… names another), and playwright-core and axe-core from npm, as package-lock.json pins them.
set -euo pipefail
cd "$(dirname "$0")"
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 MAIMOD="${MAIMOD:-maimod}"

if [ -z "${CHROMIUM:-}" ] && ! command -v chromium chromium-browser google-chrome >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
fi
command -v "$MAIMOD" >/dev/null || { echo "run.sh: $MAIMOD is not a program; set MAIMOD to the maimod to test" >&2; exit 2; }
npm ci --no-audit --no-fund --silent

pattern=()
if [ "${1:-}" = --name-pattern ]; then pattern=("--test-name-pattern=$2"); fi
if [ ${#pattern[@]} = 0 ]; then node --test --test-reporter=spec ../../clients/overlay/; fi
node --test --test-reporter=spec --test-timeout=900000 "${pattern[@]}" overlay.test.mjs
