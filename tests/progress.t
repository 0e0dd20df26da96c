#!/bin/sh
# The progress line: on a terminal long work shows what is done, of what, how fast and what is left; elsewhere nothing. TAP.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=${AFTERSHOCK:-$top/build/release/aftershock}
if ! script --version 2>/dev/null | grep -q util-linux; then
  echo '1..0 # SKIP there is no script of util-linux, which plays a terminal'
  exit 0
fi
if ! script -qec 'test -t 1' /dev/null </dev/null >/dev/null 2>&1; then
  echo '1..0 # SKIP the system gives no terminal (is /dev/pts mounted?)'
  exit 0
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0
TERM=xterm
export TERM

report() { # STATUS TITLE
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else
    echo "not ok $n - $2"
    tr '\r' '\n' <"$work/said" | cat -v | sed 's/^/# /'
  fi
}

# Work that would take far too long, until it shows such a line or half a minute has passed. said: one line for each that was drawn.
shows() { # WHAT ARGUMENTS...
  what=$1
  shift
  (cd "$work" && exec script -qfec "echo \$\$ >process; exec $program $*" raw </dev/null >/dev/null 2>&1) &
  tries=0
  until { tr '\r' '\n' <"$work/raw" | grep -Eq "^.\[K[0-9]+/$what, [0-9.]+/s, [0-9]+:[0-9][0-9] left"; } 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" != 300 ] || break
    sleep 0.1
  done
  kill -INT "$(cat "$work/process")"
  wait
  tr '\r' '\n' <"$work/raw" >"$work/said"
  [ "$tries" != 300 ]
}

cp -r "$top/data/deepseek" "$work/d"
shows '10000000 replications' simulate d/study.json --replications 10000000 --out s --no-charts
report $? 'replications of a simulation'
cp -r "$work/d" "$work/e"
perl -pi -e 's/"models": \[.*\]/"models": ["market_model"]/; s/"replicates": 999/"replicates": 1000000/; s/"tests": "all"/"tests": ["wild", "stationary", "block_events"]/' \
  "$work/e/study.json"
shows '[0-9]+ tests' run e/study.json --out r --no-charts --threads 1
report $? 'tests that resample'
(cd "$work" && script -qec "$program run d/study.json --out r --no-charts" /dev/null </dev/null | tr -d '\r' >said)
[ "$(tail -n 1 "$work/said" | sed 's/^.*\[K//')" = r ]
report $? 'the line is gone when the result is named'
(cd "$work" && script -qec "$program simulate d/study.json --replications 100 --out s --no-charts --quiet" /dev/null </dev/null >said)
! grep -q replications "$work/said"
report $? 'nothing when it shall be quiet'
(cd "$work" && "$program" simulate d/study.json --replications 100 --out s --no-charts) >"$work/said" 2>&1
! grep -q '/s,' "$work/said"
report $? 'nothing in a file'
echo "1..$n"
