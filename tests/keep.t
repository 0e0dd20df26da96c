#!/usr/bin/env perl
# Studies that keep the prices of the events' windows alone: every number is that of the study which keeps them all. TAP.
use strict;
use warnings;
use Cwd 'abs_path';
use File::Basename;
use File::Temp 'tempdir';

my $top = abs_path(dirname(__FILE__) . '/..');
my $program = $ENV{AFTERSHOCK} || "$top/build/release/aftershock";
my $work = tempdir(CLEANUP => 1);
chdir $work or die;
$ENV{SOURCE_DATE_EPOCH} = 1738022400;
my ($n, $said) = (0, '');

sub report {
  my ($ok, $title) = @_;
  $n++;
  print $ok ? '' : 'not ', "ok $n - $title\n";
  print map { "# $_\n" } split /\n/, $said unless $ok;
}

sub put {
  my ($name, $text) = @_;
  open my $file, '>', $name or die;
  print $file $text;
  close $file or die;
}

sub get {
  my ($name) = @_;
  local $/;
  open my $file, '<', $name or return '';
  return scalar <$file>;
}

sub sessions {
  my ($mic, $first, $last) = @_;
  open my $list, '-|', $program, 'calendar', $mic, $first, $last or die;
  return map { /^(\S+)/ && !/closed/ ? $1 : () } <$list>;
}

# Random series with holes of every kind: rows that are missing one by one, for weeks, at both ends, all but one.
my @days = sessions('XNYS', '2014-01-02', '2016-12-30');
my %rows; # of a symbol: [day, open, close, adj_close, volume]
srand(20);
sub noise { return (rand() + rand() + rand() + rand() - 2) * 0.02 }
my @symbols = ('MKT', map { sprintf 'S%02d', $_ } 1 .. 11);
my @market = map { noise() * 0.5 } @days;
for my $k (0 .. $#symbols) {
  my ($symbol, $price) = ($symbols[$k], 20 + 7 * $k);
  my ($begin, $end) = $k < 2 ? (0, $#days) : (int(rand(200)), $#days - int(rand(200)));
  ($begin, $end) = (400, 400) if $symbol eq 'S10';
  my $hole = 0;
  for my $t ($begin .. $end) {
    $price *= 1 + $market[$t] + ($k == 0 ? 0 : noise());
    $hole = 5 + int(rand(60)) if $k > 2 && rand() < 0.004;
    next if $hole-- > 0 || ($k > 1 && rand() < 0.03);
    my $open = $k % 3 == 1 && rand() < 0.1 ? '' : sprintf '%.4f', $price * (1 + noise() / 4);
    my $adjusted = $k == 4 ? sprintf('%.4f', $price * (0.9 + 0.0001 * $t)) : $k == 5 && $t < $begin + 3 ? sprintf('%.4f', $price) : '';
    push @{$rows{$symbol}}, [$days[$t], $open, sprintf('%.4f', $price), $adjusted, 1000 + int(rand(9000))];
  }
}
my @lines = map { my $s = $_; map { join ',', $s, @$_ } @{$rows{$s}} } @symbols;
my $header = "symbol,date,open,close,adj_close,volume\n";
put('prices.csv', $header . join '', map { "$_\n" } @lines);
put('by_day.csv', $header . join '', map { "$_\n" } sort { (split /,/, $a)[1] cmp (split /,/, $b)[1] } @lines);
put('shuffled.csv', $header . join '', map { "$_\n" } sort { rand() <=> 0.5 } @lines, @lines[0 .. 40]); # some rows twice
put('closes.csv', "date,symbol,close\n" . join '', map { my @f = split /,/; "$f[1],$f[0],$f[3]\n" } @lines);
put('rest.csv', "symbol,date,open,adj_close\n" . join '', map { my @f = split /,/; "$f[0],$f[1],$f[2],$f[4]\n" } reverse @lines);
my %close = map { my @f = split /,/; ("$f[1] $f[0]" => $f[3]) } @lines;
put('wide.csv', join(',', 'date', @symbols) . "\n" . join '',
  map { my $d = $_; join(',', $d, map { defined $close{"$d $_"} ? $close{"$d $_"} : '' } @symbols) . "\n" } @days);
put('returns.csv', "date,symbol,ret\n" . join '', map { my @f = split /,/; sprintf "%s,%s,%s\n", $f[1], $f[0], rand() < 0.01 ? 'C' : rand() < 0.005 ? '-1' : sprintf '%.6f', noise() } @lines);
put('actions.csv', "date,symbol,kind,value\n" . join '', map { my $s = $symbols[1 + $_ % 9]; my $d = $days[30 + 37 * $_ % 700];
  "$d,$s," . ($_ % 4 == 0 ? "split,2\n" : "dividend,0.2$_\n") } 1 .. 30);
put('splits.csv', "date,symbol,kind,value\n2014-02-03,S01,split,3\n2015-02-05,S01,split,1.3\n2015-04-08,S01,split,0.7\n2015-06-08,S01,split,1.7\n2015-12-03,S01,split,7\n2016-03-03,S01,split,0.3\n");
put('factors.csv', "date,mkt_rf,smb,hml,rf\n" . join '', map { sprintf "%s,%.5f,%.5f,%.5f,0.0000%d\n", $days[$_], $market[$_], noise(), noise(), $_ % 7 } 0 .. $#days);
put('matches.csv', "symbol,benchmark\nS01,S02\nS02,S07\nS03,MKT\nS04,S05\nS09,NOT\n");

# A second exchange with a clock of its own.
my @london = sessions('XLON', '2014-01-02', '2016-12-30');
put('london.csv', "symbol,date,close\n" . join '', map { my $s = $_; my $p = 50; map { $p *= 1 + noise(); rand() < 0.02 ? () : sprintf "%s,%s,%.4f\n", $s, $_, $p } @london } 'FTSE', 'L01', 'L02');

my @stamps = ('2015-09-14T14:30:00Z', '2015-09-14T19:58:00Z', '2015-10-10', '2016-02-03', '2015-12-24T22:00:00Z', '2016-06-01T12:00:00Z', '2014-03-03T15:00:00Z', '2016-12-21', '2016-04-29T20:00:00Z', '2015-11-02');
my $events = "event,symbol,published,group\n";
for my $k (0 .. 29) { $events .= sprintf "e%d,%s,%s,%s\n", $k, $symbols[1 + $k % 11], $stamps[int($k / 11) + 3 * ($k % 3)], $k % 2 ? 'odd' : 'even' }
$events .= "far,NOWHERE,2015-10-05,odd\nbench,MKT,2015-10-07,even\nlate,S01,2029-01-05,odd\n";
put('events.csv', $events);
put('london_events.csv', $events . "l1,L01,2015-07-07T15:00:00Z,odd\nl2,L02,2016-03-03T15:40:00Z,even\n");

# Runs both ways; the files that differ, and the parts of result.json that differ though they are of the same numbers.
sub compare {
  my ($keys, $from, @options) = @_;
  my (@out, %part);
  for my $keep ('all', 'windows') {
    put("$keep.json", qq({"title": "t", "calendar": "XNYS", "keep": "$keep", $keys}));
    my $input = $from ne '' ? "$from |" : '';
    $said = `$input $program run $keep.json --out out_$keep --no-charts --quiet @options 2>&1`;
    return "$keep fails: $said" if $?;
  }
  for my $path (glob 'out_all/*.csv') {
    my $name = basename($path);
    push @out, $name if get($path) ne get("out_windows/$name");
  }
  for my $keep ('all', 'windows') {
    for my $text (split /\n(?=  "\w+":)/, get("out_$keep/result.json")) {
      my ($name) = $text =~ /^\s*"(\w+)":/ or next;
      $part{$name}{$keep} = $text =~ s/[\s,}]+$//r; # the last one has the end behind it
    }
  }
  for my $name (qw(counts dropped markets models focus aggregates tests diagnostics)) {
    push @out, "result.json: $name" if defined $part{$name}{all} && $part{$name}{all} ne ($part{$name}{windows} // '');
  }
  push @out, 'no statement of what was kept' if get('out_windows/result.json') !~ /"kept": \{\s+"rows": [1-9]/;
  push @out, 'one too many' if get('out_all/result.json') =~ /"kept"/;
  $said = join "\n", @out;
  return $said;
}

my $windows = '"estimation": {"first": -120, "last": -11, "min_obs": 30}, "event_window": {"first": -5, "last": 6}, "windows": [[0, 0], [-1, 1], [0, 5], [-5, 6]], "resampling": {"replicates": 99}';
my $plain = qq("prices": ["prices.csv"], "market": "MKT", "events": "events.csv", $windows);
my $classic = '"models": ["market_model", "constant_mean", "market_adjusted"]';
my @cases = (
  ['rows by security, all tests', "$plain, $classic"],
  ['rows by day', "$plain, $classic" =~ s/prices\.csv/by_day.csv/r],
  ['rows in no order, some twice', "$plain, $classic" =~ s/prices\.csv/shuffled.csv/r],
  ['columns in two files', "$plain, $classic" =~ s/"prices\.csv"/"closes.csv", "rest.csv"/r],
  ['a column a security', "$plain, $classic" =~ s/prices\.csv/wide.csv/r],
  ['log returns', qq($plain, $classic, "returns": "log")],
  ['splits and dividends', qq($plain, $classic, "actions": "actions.csv")],
  ['files of returns', "$plain, $classic" =~ s/"prices": \["prices/"returns_files": ["returns/r],
  ['files of returns as logs', qq($plain, $classic, "returns": "log") =~ s/"prices": \["prices/"returns_files": ["returns/r],
  ['leads and lags', qq($plain, "models": ["scholes_williams", {"name": "dimson", "leads": 3, "lags": 4}])],
  ['a mean after the event', qq($plain, "models": [{"name": "comparison_mean", "window": {"first": 20, "last": 90}}])],
  ['a mean long before the event', qq($plain, "models": [{"name": "comparison_mean", "window": {"first": -200, "last": -130}}])],
  ['factors', qq($plain, "models": ["ff3", {"name": "factors", "columns": ["smb"]}], "factors": "factors.csv")],
  ['a portfolio for a benchmark', qq($plain, "models": [{"name": "benchmark", "symbols": ["S02", "S03", "S08"]}])],
  ['a match for each security', qq($plain, "models": [{"name": "benchmark", "file": "matches.csv"}])],
  ['named donors', qq($plain, "models": [{"name": "synthetic_control", "symbols": ["S01", "S02", "S06"]}], "tests": ["csect_t"])],
  ['returns over sessions without trade', qq($plain, "models": ["trade_to_trade", "market_model"])],
  ['candidates', qq($plain, "candidates": [{"event": "e3", "published": "2016-07-01", "until": "2016-08-15"}])],
  ['several events of one security', qq($plain, "overlaps": "first", "exclude_other_events": {"first": -3, "last": 3}, "clean_only": true, "calendar_time": true)],
  ['the next session of a date', qq($plain, "date_only": "next", "symbols": ["S01", "S02", "S05", "S06", "S11"])],
  ['two exchanges', qq($plain, "markets": [{"calendar": "XLON", "prices": ["london.csv"], "market": "FTSE"}]) =~ s/events\.csv/london_events.csv/r],
  ['other programs', qq($plain, "compat": "all")],
  ['one date alone, splits on both sides', qq($plain, $classic, "actions": "splits.csv") =~ s/"events\.csv"/[{"event": "x", "symbol": "S01", "published": "2015-06-10"}]/r],
);
report(compare($cases[$_][1], '') eq '', $cases[$_][0]) for 0 .. $#cases;

report(compare("$plain, $classic" =~ s/"prices\.csv"/"-"/r, 'cat shuffled.csv') eq '', 'from a pipe');
report(compare("$plain, $classic" =~ s/"prices\.csv"/"-"/r, 'gzip -c prices.csv') eq '', 'from a pipe, packed');
report(compare("$plain, $classic", '', '--tables aggregate') eq '', 'aggregates alone');
report(compare("$plain, $classic", '', '--threads 1') eq '', 'one thread');

# Shards of it, merged.
put('windows.json', qq({"title": "t", "calendar": "XNYS", "keep": "windows", $plain, $classic}));
$said = `$program run windows.json --out one --no-charts --quiet 2>&1; for k in 1 2 3; do $program run windows.json --shard \$k/3 --out shards --quiet; done 2>&1; $program merge shards --out merged --no-charts --quiet 2>&1; diff -r one merged`;
report($said !~ /differ|Only in|^[<>]/m, 'shards give the same bytes');

# The rows that go by are read for their form and their day; what is kept, for all.
sub refused {
  my ($row, $message) = @_;
  put('bad.csv', get('prices.csv') . "$row\n");
  $said = `$program run bad.json --out bad --no-charts --quiet 2>&1`;
  return scalar($? != 0 && $said =~ $message);
}
put('bad.json', qq({"title": "t", "calendar": "XNYS", "keep": "windows", $plain, $classic}) =~ s/prices\.csv/bad.csv/r);
report(refused('ZZZ,2015-07-03,1,1,1,1', qr/2015-07-03 is not a session/), 'a day without session of a series that goes by');
report(refused('ZZZ,2015-07-06,1,1;5,1,1', qr/bad\.csv:\d+: close "1;5"/), 'a number that is none');
report(refused('S01,2015-09-11,,1234,,', qr/S01 has a second row for 2015-09-11: close "1234" here/), 'a second price of a window');
report(!refused('ZZZ,2015-07-06,1,1,1,1', qr/./), 'a series that goes by');
print "1..$n\n";
