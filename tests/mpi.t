#!/bin/sh
# The MPI build under mpirun: the bytes of one process with any number of ranks, and every way in which a rank can fail. TAP; skipped without
# Open MPI.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=${AFTERSHOCK:-$top/build/release/aftershock}
parallel=$(dirname "$program")-mpi/aftershock
if ! command -v mpirun >/dev/null || [ ! -x "$parallel" ]; then
  echo '1..0 # SKIP Open MPI is not installed, or was not when the tests were built'
  exit 0
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0
SOURCE_DATE_EPOCH=1738000000
# More ranks than processors, no network but this machine, no memory of other processes (which containers forbid); leaks are MPI's own.
OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_btl=self,vader
OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_plm_rsh_agent=/bin/false OMPI_MCA_btl_vader_backing_directory=$work
ASAN_OPTIONS=detect_leaks=0
export SOURCE_DATE_EPOCH OMPI_MCA_rmaps_base_oversubscribe OMPI_MCA_hwloc_base_binding_policy OMPI_MCA_btl ASAN_OPTIONS
export OMPI_MCA_btl_vader_single_copy_mechanism OMPI_MCA_plm_rsh_agent OMPI_MCA_btl_vader_backing_directory
as_root=
[ "$(id -u)" != 0 ] || as_root=--allow-run-as-root

report() { # STATUS TITLE
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else
    echo "not ok $n - $2"
    { cat said; ls; } | sed 's/^/# /'
  fi
}

ranks() { # N COMMAND...
  count=$1
  shift
  # One word or none.
  # shellcheck disable=SC2086
  timeout 60 mpirun $as_root -n "$count" "$@" </dev/null >said 2>&1
}

# Ranks may still be removing things when mpirun has ended.
nothing_written() {
  waits=0
  while [ -n "$(find . -name 'out*' -o -name '*.partial*' 2>/dev/null)" ]; do
    waits=$((waits + 1))
    [ "$waits" != 50 ] || return 1
    sleep 0.1
  done
}

cd "$work" || exit 1
cp -r "$top/data/deepseek" d
perl -pi -e 's/"market_model", "market_adjusted", "constant_mean"/"market_model", "trade_to_trade", "garch", {"name": "synthetic_control", "demean": true}/' d/study.json

"$program" run d/study.json --out one --no-charts >said 2>one.err && sed '$d' said >one.said
for count in 1 2 3 4; do
  ranks "$count" "$parallel" run d/study.json --out "r$count" --no-charts --threads 1 && diff -r one "r$count" >>said &&
    [ "$(grep -c 'no publication time' said)" = "$(grep -c 'no publication time' one.err)" ] && grep -qx "r$count" said
  report $? "run with $count ranks: the same bytes, said once"
done
"$program" simulate d/study.json --replications 7 --out sim --no-charts --quiet 2>/dev/null
for count in 2 4; do
  ranks "$count" "$parallel" simulate d/study.json --replications 7 --out "s$count" --no-charts --quiet && diff -r sim "s$count" >>said
  report $? "simulate with $count ranks: the same bytes"
done
"$parallel" run d/study.json --out alone --no-charts --quiet 2>said && diff -r one alone >>said
report $? 'without mpirun it is the same program'

ranks 3 "$parallel" run d/none.json --out out
[ $? = 1 ] && [ "$(grep -c 'd/none.json: cannot be read: No such file or directory' said)" = 1 ] && nothing_written
report $? 'what fails everywhere is said once'
ranks 2 "$parallel" run d/study.json --no-such-option
[ $? != 0 ] && [ "$(grep -c 'no-such-option' said)" = 1 ]
report $? 'wrong usage too'
ranks 2 "$parallel" scan d/study.json --out out
[ $? != 0 ] && [ "$(grep -c 'aftershock: mpirun started 2 processes, and only run and simulate share their work' said)" = 1 ] && nothing_written
report $? 'other commands are refused'
ranks 2 "$program" run d/study.json --out out
[ $? != 0 ] && [ "$(grep -c 'built without MPI (build it with make MPI=1)' said)" = 1 ] && nothing_written
report $? 'so is a program without MPI'
ranks 2 "$parallel" run d/study.json --shard 1/2 --out out
[ $? != 0 ] && [ "$(grep -c 'mpirun divides the work already' said)" = 1 ] && nothing_written
report $? 'and a shard'

# Rank 2 works in another folder, where something is not as it should be.
cat >elsewhere <<'END'
#!/bin/sh
if [ "$OMPI_COMM_WORLD_RANK" = 2 ]; then cd other || exit 9; fi
exec "$@"
END
chmod +x elsewhere
mkdir other
cp -r d other/d
sed 's/T15:30:25Z/T15:30:26Z/' d/events.csv >other/d/events.csv
ranks 3 ./elsewhere "$parallel" run d/study.json --out out
[ $? = 1 ] && grep -q '^aftershock: rank 2: has another content of events.csv than rank 0$' said && nothing_written
report $? 'a rank with other files is named'
rm other/d/events.csv
ranks 3 ./elsewhere "$parallel" run d/study.json --out out
[ $? = 1 ] && grep -q '^aftershock: rank 2 on [^ ]*: d/events.csv: cannot be read: No such file' said && nothing_written
report $? 'a rank that fails is named with its machine and what it says'

# What befalls while all of them draw: every rank writes down its process.
cat >noted <<'END'
#!/bin/sh
echo $$ >"pid.$OMPI_COMM_WORLD_RANK"
exec "$@"
END
chmod +x noted
draw() {
  rm -f pid.*
  # shellcheck disable=SC2086
  timeout 60 mpirun $as_root -n 3 ./noted "$parallel" simulate d/study.json --replications 1000000 --out out </dev/null >said 2>&1 &
  mpi=$!
  tries=0
  until ls -d out.partial-* >/dev/null 2>&1 || [ "$tries" = 40 ]; do
    sleep 0.5
    tries=$((tries + 1))
  done
}
draw
kill -9 "$(cat pid.1)"
wait "$mpi"
[ $? != 0 ] && grep -q 'rank 1 .*signal 9' said && nothing_written
report $? 'a rank that dies is named, the others end, and nothing is half written'
draw
kill -9 "$(cat pid.0)"
wait "$mpi"
[ $? != 0 ] && grep -q 'rank 0 .*signal 9' said && [ ! -e out ]
report $? 'so is the first one, which leaves no result'
rm -rf out.partial-*
# A second is what ranks have to clean up before mpirun kills them: not enough on a busy machine.
OMPI_MCA_odls_base_sigkill_timeout=5
export OMPI_MCA_odls_base_sigkill_timeout
draw
kill -INT "$mpi" # timeout passes it on
wait "$mpi"
[ $? != 0 ] && nothing_written
report $? 'Ctrl-C ends all of them and leaves nothing'
echo "1..$n"
