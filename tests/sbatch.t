#!/bin/sh
# scripts/aftershock.sbatch: what it submits, and its body as a task of an array and as the job that merges. TAP.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
AFTERSHOCK=${AFTERSHOCK:-$top/build/release/aftershock}
SOURCE_DATE_EPOCH=1738000000
export AFTERSHOCK SOURCE_DATE_EPOCH
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
unset SLURM_ARRAY_TASK_ID SLURM_JOB_ID SLURM_CPUS_PER_TASK SHARDS MERGE SBATCH
n=0

report() { # STATUS TITLE
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else
    echo "not ok $n - $2"
    sed 's/^/# /' "$work/said"
  fi
}

cd "$work" || exit 1
cp -r "$top/data/deepseek" d
script=$top/scripts/aftershock.sbatch

# A scheduler that writes down what it is asked for, and gives job numbers with a cluster's name, as federations do.
mkdir bin
cat >bin/sbatch <<'END'
#!/bin/sh
echo "SHARDS=$SHARDS $*" >>calls
echo "$((100 + $(wc -l <calls)));north"
END
chmod +x bin/sbatch
PATH=$work/bin:$PATH SHARDS=3 SBATCH='--mem=8G' sh "$script" d/study.json out run --tables events >said 2>&1 &&
  [ "$(cat said)" = 'shards: job 101, 3 tasks; then merge: job 102, which makes out' ] &&
  grep -qx "SHARDS=3 --parsable --mem=8G --array=1-3 $script d/study.json out run --tables events" calls &&
  grep -qx "SHARDS=3 --parsable --mem=8G --dependency=afterok:101 --kill-on-invalid-dep=yes --output=aftershock-%j.log $script d/study.json out run --tables events" calls
report $? 'it submits an array and a job after it'

for task in 3 1 2; do
  SLURM_JOB_ID=1$task SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_COUNT=1 SHARDS=3 sh "$script" d/study.json out run --quiet || break
done >said 2>&1 && [ "$(ls out.shards)" = "$(printf 'shard-%s-of-3.aft\n' 1 2 3)" ]
report $? 'each task makes its shard, one that is made alone again too'
SLURM_JOB_ID=20 MERGE='--no-charts --quiet' sh "$script" d/study.json out run --quiet >said 2>&1 && [ ! -e out.shards ]
report $? 'the last job merges them and removes the shards'
"$AFTERSHOCK" run d/study.json --out one --no-charts --quiet >said 2>&1 && diff -r one out >said
report $? 'to the bytes of one process'

SLURM_JOB_ID=11 SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=2 SLURM_CPUS_PER_TASK=2 \
  sh "$script" d/study.json sim simulate --replications 4 --n 3 >said 2>&1 && [ "$(cat said)" = sim.shards/shard-1-of-2.aft ]
report $? 'a simulation likewise'
SLURM_JOB_ID=20 sh "$script" d/study.json sim simulate >said 2>&1
[ $? = 1 ] && grep -q 'shard 2 of 2 is missing' said && [ -e sim.shards ] && [ ! -e sim ]
report $? 'what is missing is named, and the shards stay'
sh "$script" d/study.json >said 2>&1
[ $? = 2 ] && grep -q '^usage: ' said
report $? 'its usage'
echo "1..$n"
