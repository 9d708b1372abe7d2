#!/usr/bin/env bash
# Starts the whole platform as local processes, see --help. Installs what is missing into this folder, the data folder and
# ~/.cache/pipeline; changes nothing else of the machine. As root or not.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: ./run.sh [demo] [pipeline ...] [--once]

  ./run.sh                            run all pipelines that have credentials in .env, then dbt, again and again
  ./run.sh demo                       the same with imitated sources: no account needed, data of its own
  ./run.sh pipeline_xero_to_postgres  run this pipeline alone
  ./run.sh install                    install what is missing and start nothing
  --once                              one cycle, then stop; exit code 1 if anything failed
  --help                              this text

PostgreSQL and RabbitMQ are started too, below DISK_STORAGE_PATH (.data), unless DB_HOST and RABBITMQ_URL name others.
Ctrl-C stops everything. Variables: .env.sample
TEXT
}

fail() {
  printf 'run.sh: %s\n' "$1" >&2
  exit 1
}

for argument in "$@"; do
  case $argument in -h | --help) usage && exit 0 ;; esac
done

cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD

command -v node >/dev/null || fail 'Node.js 20 or later is needed: https://nodejs.org'
node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' || fail "Node.js 20 or later is needed, this is $(node --version)"
command -v npm >/dev/null || fail 'npm is needed: it comes with Node.js, on Debian in a package of its own'
command -v python3 >/dev/null || fail 'Python 3.10 or later is needed, for dbt'

# npm notes the end of an installation in this file.
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  echo '[system] installing Node packages'
  npm ci --no-audit --no-fund --loglevel=error
fi

# The version everything is tested with; npm brought it. npm 9 does not link it, so that `npm run` and editors would take another one.
node=$(command -v node)
for binary in "$root"/node_modules/node-*/bin/node; do
  if [ -x "$binary" ]; then node=$binary; fi
done
[ -e node_modules/.bin/node ] || ln -sf "$node" node_modules/.bin/node
"$node" -e 'process.exit(parseInt(process.versions.node) >= 24 ? 0 : 1)' ||
  fail "npm has no Node.js 24 for this machine: install it by hand, this is $("$node" --version)"

# The dashboard is built again when something that it is made of is newer. Two seconds.
web=services/scheduler/web
if [ ! -e "$web/dist/index.html" ] || [ -n "$(find "$web" libs/protocol/src package-lock.json -path "$web/dist" -prune -o -type f -newer "$web/dist/index.html" -print -quit)" ]; then
  echo '[system] building the dashboard'
  (cd "$web" && "$node" "$root/node_modules/vite/bin/vite.js" build --logLevel warn)
fi
exec "$node" services/supervisor/src/main.ts "$@"
