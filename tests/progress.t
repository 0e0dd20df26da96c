#!/bin/sh
# The progress line: on a terminal long work shows what is done, of what, how fast and what is left; elsewhere nothing. TAP.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=${AFTERSHOCK:-$top/build/release/aftershock}
if ! script --version 2>/dev/null | grep -q util-linux; then
  echo '1..0 # SKIP there is no script of util-linux, which plays a terminal'
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

# With the terminal's ends of lines taken for those of a file.
on_terminal() { (cd "$work" && script -qec "$program $*" /dev/null </dev/null | tr '\r' '\n' >said); }

shows() { grep -Eq "^.\[K[0-9]+/$1, [0-9.]+/s, [0-9]+:[0-9][0-9] left" "$work/said"; }

cp -r "$top/data/deepseek" "$work/d"
on_terminal simulate d/study.json --replications 200 --design null --n 25 --out s --no-charts
shows '200 replications'
report $? 'replications of a simulation'
perl -pi -e 's/"models": \[.*\]/"models": ["market_model"]/; s/"replicates": 999/"replicates": 60000/; s/"tests": "all"/"tests": ["wild", "stationary", "block_events"]/' \
  "$work/d/study.json"
on_terminal run d/study.json --out r --no-charts --threads 1
shows '[0-9]+ tests'
report $? 'tests that resample'
[ "$(tail -c 30 "$work/said" | grep -c '^r$')" = 1 ]
report $? 'and the line is gone when the result is named'
on_terminal simulate d/study.json --replications 200 --design null --n 25 --out s --no-charts --quiet
! grep -q replications "$work/said"
report $? 'nothing when it shall be quiet'
(cd "$work" && "$program" simulate d/study.json --replications 200 --design null --n 25 --out s --no-charts) >"$work/said" 2>&1
! grep -q left "$work/said" || ! grep -q '/s,' "$work/said"
report $? 'nothing in a file'
echo "1..$n"
