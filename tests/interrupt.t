#!/bin/sh
# Ctrl-C at any moment of a run, of a shard, of a simulation: the program ends at once and leaves nothing half-made. TAP.
#
# tests/interrupt measures the wait, which is to be at most 0.2 s on a machine with nothing else to do; here, where other tests run beside
# it, AFT_INTERRUPT_LIMIT (default 3) seconds will do, and the figure is shown.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=${AFTERSHOCK:-$top/build/release/aftershock}
limit=${AFT_INTERRUPT_LIMIT:-3}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0

interrupt() { # TITLE TIMES ARGUMENTS...
  title=$1 times=$2
  shift 2
  n=$((n + 1))
  if "$top/tests/interrupt" "$times" "$limit" "$work" "$program" "$@" >"$work.said" 2>&1; then echo "ok $n - $title"; else
    echo "not ok $n - $title"
  fi
  sed 's/^/# /' "$work.said"
  rm -f "$work.said"
}

cp -r "$top/data/deepseek" "$work/d"
interrupt 'a run, charts and all' 12 run d/study.json --out new
interrupt 'a shard' 4 run d/study.json --shard 1/2 --out new
interrupt 'a simulation' 4 simulate d/study.json --replications 60 --out new
mkdir "$work/kept"
"$program" run "$work/d/study.json" --out "$work/kept/old" --no-charts --quiet 2>/dev/null
interrupt 'a run that replaces another result' 6 run d/study.json --out kept/old --no-charts
n=$((n + 1))
if [ -f "$work/kept/old/result.json" ] && [ "$(ls "$work/kept")" = old ]; then echo "ok $n - which is there, old or new"; else
  echo "not ok $n - which is there, old or new"
fi
echo "1..$n"
