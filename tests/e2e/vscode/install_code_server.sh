#!/usr/bin/env bash
# Puts VS Code itself (code-server, from npm) into the folder given, and prints nothing but errors. Nothing is downloaded that is not
# an npm or Debian package: scripts are off, and the few native modules that VS Code needs are built here.
set -euo pipefail
readonly version=4.100.3
folder=$(realpath -m "$1")
entry=$folder/node_modules/code-server/out/node/entry.js
stamp=$folder/.ready-$version
if [ -e "$stamp" ]; then exit 0; fi

rm -rf "$folder" && mkdir -p "$folder"
log=$folder/install.log
quietly() { "$@" >>"$log" 2>&1 || { tail -n 40 "$log" >&2; echo "code-server could not be installed: '$*' failed (whole log: $log)" >&2; exit 1; }; }

# node-gyp wants Node's headers and would fetch them from nodejs.org: they lie in the npm package of the node binary too.
if [ -e /usr/include/node/node.h ] && [ "$(command -v node)" = /usr/bin/node ]; then
  headers=/usr
else
  headers=$folder/headers/package
  mkdir -p "$folder/headers"
  quietly npm pack --pack-destination "$folder/headers" "node-linux-$(node -p process.arch)@$(node -p process.versions.node)"
  quietly tar -xzf "$folder"/headers/*.tgz -C "$folder/headers"
fi
export npm_config_nodedir=$headers npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false

quietly npm install --omit=dev --ignore-scripts --prefix "$folder" "code-server@$version"
vscode=$folder/node_modules/code-server/lib/vscode
cd "$vscode"
quietly npm install --omit=dev --ignore-scripts # `npm ci` refuses: the package's lock lacks tslib
(cd extensions && quietly npm ci --omit=dev --ignore-scripts)
quietly npm rebuild @vscode/spdlog native-watchdog kerberos @vscode/deviceid
# pty.node is built; a later step of the package's own script fails for want of a download and does no harm.
npm rebuild node-pty >>"$log" 2>&1 || true
test -n "$(find node_modules/node-pty -name pty.node -print -quit)" || { tail -n 40 "$log" >&2; echo "code-server could not be installed: node-pty was not built" >&2; exit 1; }
ln -sfn node_modules node_modules.asar
(cd bin/remote-cli && ln -sf code-linux.sh code-server)
(cd bin/helpers && ln -sf browser-linux.sh browser.sh)
mkdir -p node_modules/@vscode/ripgrep/bin && cp "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
cd "$folder"
quietly npm rebuild argon2 --build-from-source
quietly node "$entry" --version
grep -q "^$version" <(node "$entry" --version) || { echo "code-server answers with another version than $version" >&2; exit 1; }
touch "$stamp"
