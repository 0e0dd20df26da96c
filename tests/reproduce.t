#!/bin/sh
# scripts/reproduce says that every byte is the same when it is, and where it is not when it is not. TAP.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
program=${AFTERSHOCK:-$top/build/release/aftershock}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0
cd "$work" || exit 1

report() { # STATUS TITLE
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else
    echo "not ok $n - $2"
    sed 's/^/# /' said
  fi
}

reproduce() { AFTERSHOCK="$program" "$top/scripts/reproduce" "$@" >said 2>&1; }

# After a change of the result or of an input: status and text.
finds() { # TITLE STATUS TEXT
  reproduce out
  [ $? = "$2" ] && grep -qF -e "$3" said
  report $? "$1"
}

cp -R "$top/data/init" study
cp "$top/data/deepseek/prices.csv" study/
SOURCE_DATE_EPOCH=1738022400 "$program" run study/study.json --out out --no-charts --quiet 2>said
report $? 'the study runs'
cp -R out kept
cp -R study kept_study

reproduce out && grep -q 'files, every byte the same$' said && ! grep -q '^version' said
report $? 'nothing changed: every byte the same'

(cd / && AFTERSHOCK="$program" "$top/scripts/reproduce" "$work/out" "$work") >said 2>&1
report $? 'from another folder, told where the run was started'
(cd / && AFTERSHOCK="$program" "$top/scripts/reproduce" "$work/out") >said 2>&1
[ $? = 2 ] && grep -q 'study/study.json: not found from' said
report $? 'from another folder, not told'

sed 's/market_model/market_m0del/' kept/fits.csv >out/fits.csv
finds 'a changed line' 1 'DIFFERS      fits.csv: '
grep -q 'recorded:  market_m0del' said && grep -q 'now:       market_model' said
report $? 'and both texts are shown'
head -c 100 kept/fits.csv >out/fits.csv
finds 'a file cut short' 1 'fits.csv: one is the beginning of the other'
rm out/fits.csv
finds 'a file that is gone' 1 'NEW          fits.csv'
cp kept/fits.csv out/
echo >out/more.csv
finds 'a file too many' 1 'MISSING NOW  more.csv'
rm out/more.csv
sed 's/"jansson": "/"jansson": "0./' kept/result.json >out/result.json
finds 'another version of a library' 1 'version      jansson: 0.'
cp kept/result.json out/

printf '\n' >>study/events.csv
finds 'a changed input' 1 'CHANGED      events.csv'
cp kept_study/events.csv study/
sed 's/"seed": 1/"seed": 2/' kept_study/study.json >study/study.json
finds 'a changed study' 1 'CHANGED      study/study.json'
cp kept_study/study.json study/
rm study/prices.csv
finds 'an input that is gone' 2 'prices.csv: is not there any more'
cp kept_study/prices.csv study/
sed 's/"started": ".*"/"started": "2024-02-29T12:34:56Z"/' kept/result.json >out/result.json
reproduce out
grep -q 'DIFFERS      result.json' said
[ $? = 1 ]
report $? 'the recorded start is taken over, leap days included'
reproduce study
[ $? = 2 ] && grep -q 'not a result folder' said
report $? 'a folder that is no result'
echo "1..$n"
