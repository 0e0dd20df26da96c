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

# Names that a shell may take for options or for several words.
mkdir ./-o
cp -R kept './-o/-a result'
mkdir ./-from
cp -R kept_study ./-from/study
reproduce '-o/-a result' -from && grep -q 'files, every byte the same$' said
report $? 'folders whose names hold dashes and blanks'
mkdir './-my study'
cp -R kept_study/. './-my study/'
SOURCE_DATE_EPOCH=1738022400 "$program" run --out dashed --no-charts --quiet -- '-my study/study.json' 2>said
reproduce dashed && grep -qF 'same input   -my study/study.json' said
report $? 'a study whose name begins with a dash'
cp -R kept 'a b'
echo >'a b/one  more.csv'
echo >'a b/-n'
reproduce 'a b'
[ $? = 1 ] && grep -qx 'MISSING NOW  one  more.csv' said && grep -qx 'MISSING NOW  -n' said
report $? 'files of the result whose names hold blanks and dashes'

refuses() { # TITLE TEXT ARGUMENTS
  title=$1 text=$2
  shift 2
  reproduce "$@"
  [ $? = 2 ] && grep -qF -e "$text" said && [ "$(wc -l <said)" -eq 1 ]
  report $? "$title"
}

refuses 'no folder' 'usage: reproduce DIR [FROM]'
refuses 'three words' 'usage: reproduce DIR [FROM]' out . .
refuses 'a result that is not there' 'gone: no such folder' gone
refuses 'a start that is not there' 'gone: no such folder' out gone
mkdir simulated
echo '{}' >simulated/simulation.json
refuses 'a simulation' 'simulated: a simulation' simulated
AFTERSHOCK=./gone "$top/scripts/reproduce" out >said 2>&1
[ $? = 2 ] && grep -qF './gone: no such program' said
report $? 'a program that is not there'
ln -s "$program" ./program
cp kept/result.json out/
(AFTERSHOCK=./program "$top/scripts/reproduce" out "$work") >said 2>&1
report $? 'a program named from here'
echo "1..$n"
