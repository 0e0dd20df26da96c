#!/usr/bin/env perl
# Panels that are kept for the next run: results are the same with them and without, whatever happened to them. TAP.
#
# Whether a panel was used is seen by its file: one that is made again is another file (its number changes), one that was used has a new
# time of change.
use strict;
use warnings;
use Cwd 'abs_path';
use File::Basename;
use File::Copy 'copy';
use File::Path qw(make_path remove_tree);
use File::Temp 'tempdir';
use Time::HiRes 'usleep';

my $top = abs_path(dirname(__FILE__) . '/..');
my $program = $ENV{AFTERSHOCK} || "$top/build/release/aftershock";
my $work = abs_path(tempdir(CLEANUP => 1));
my $panels = "$work/cache/aftershock/panels";
my $n = 0;
delete $ENV{$_} for grep { /^AFTERSHOCK_CACHE/ } keys %ENV;
@ENV{qw(XDG_CACHE_HOME SOURCE_DATE_EPOCH AFTERSHOCK_CACHE_LEAST_BYTES NO_COLOR)} = ("$work/cache", '1738022400', 1, 1);
chdir $work or die;

sub ok {
  my ($ok, $title) = @_;
  $n++;
  print $ok ? "ok $n - $title\n" : "not ok $n - $title\n";
  return $ok;
}

sub slurp {
  my ($name) = @_;
  open my $file, '<:raw', $name or return undef;
  local $/;
  return scalar <$file>;
}

sub spit {
  my ($name, $text) = @_;
  open my $file, '>:raw', $name or die "$name: $!\n";
  print $file $text or die;
  close $file or die;
}

# All that a folder holds, as one text.
sub contents {
  my ($folder) = @_;
  return join '', map { -d $_ ? contents($_) : "$_: " . slurp($_) . "\n" } sort glob "$folder/*";
}

# What the program says and writes, and its status.
sub run {
  my @arguments = @_;
  remove_tree('out');
  system("'$program' " . join(' ', map { "'$_'" } @arguments) . ' --out out >said 2>warned </dev/null');
  return "status $?\n" . slurp('said') . slurp('warned') . contents('out');
}

my @quick = ('--no-charts', '--tables', 'events');
sub run_study { return run('run', $_[0] // 'study.json', @quick, @_[1 .. $#_]) }

sub kept { my @there = sort glob "$panels/*.panel"; return @there }
sub number { return (stat $_[0])[1] }

# A market of six firms and an index: 300 sessions, some days missing; a row twice, a column that is not read, a split.
open my $list, '-|', $program, 'calendar', 'XNYS', '2021-01-04', '2022-06-30' or die;
my @days = map { /^(\S+)/ && !/closed/ ? $1 : () } <$list>;
close $list;
@days = @days[0 .. 299];
srand(23);
my @rows;
for my $symbol ('MKT', map { "F$_" } 1 .. 6) {
  my $price = 50;
  for my $t (0 .. $#days) {
    $price *= 1 + (rand() + rand() + rand() - 1.5) * 0.02;
    next if $symbol eq 'F3' && rand() < 0.1;
    push @rows, sprintf "%s,%s,%.2f,%d,x\n", $days[$t], $symbol, $price, 1000 * $price;
  }
}
my $header = "date,symbol,close,volume,note\n";
my $prices = $header . join('', @rows) . $rows[5];
spit('prices.csv', $prices);
spit('actions.csv', "date,symbol,kind,value\n$days[40],F2,dividend,0.5\n$days[41],NONE,split,2\n");
spit('factors.csv', "date,mkt_rf,rf\n" . join('', map { "$_," . (rand() - 0.5) / 50 . ",0.0001\n" } @days));
spit('events.csv', "event,symbol,published\n" . join('', map { "e$_,F$_,$days[280]T15:00:00Z\n" } 1 .. 6));

sub write_study {
  my ($name, %keys) = @_;
  my %all = (title => '"T"', calendar => '"XNYS"', prices => '["prices.csv"]', actions => '"actions.csv"', market => '"MKT"',
    factors => '"factors.csv"', events => '"events.csv"', models => '["market_model"]', event_window => '{"first": -5, "last": 5}',
    tests => '["patell"]', %keys);
  delete @all{ grep { !defined $all{$_} } keys %all };
  spit($name, '{' . join(",\n", map { "\"$_\": $all{$_}" } sort keys %all) . "}\n");
}
write_study('study.json');

# Files are to be older than the clock's ticks.
sub age { utime time - 1000, time - 1000, $_ for @_ }
my $none = run_study('study.json', '--no-cache');
ok($none =~ /^status 0\n/ && $none =~ /repeats an earlier row/ && $none =~ /no price file has the symbol "NONE"/, 'a study with warnings');
ok(!-e "$work/cache", '--no-cache keeps nothing');
{
  local $ENV{AFTERSHOCK_CACHE_LEAST_BYTES};
  delete $ENV{AFTERSHOCK_CACHE_LEAST_BYTES};
  ok(run_study() eq $none && !-e "$work/cache", 'nothing is kept of small files');
  local $ENV{AFTERSHOCK_CACHE_LEAST_BYTES} = 1;
  local $ENV{AFTERSHOCK_CACHE_MOST_BYTES} = 0;
  ok(run_study() eq $none && !-e "$work/cache", 'nothing is kept where no byte may be');
}
usleep(2_200_000); # the price file is now known for sure once it is read
ok(run_study() eq $none, 'the run that keeps the panel: every byte as without');
my ($panel) = kept();
ok(defined $panel && kept() == 1 && -s "$panels/digests" && -s "$panels/CACHEDIR.TAG", 'which is there, with the digests');
my $good = slurp($panel);

# Runs the study once more; says whether the panel was used.
sub is_used {
  my ($expected, @arguments) = @_;
  my $before = number($panel);
  age($panel);
  my $result = run_study(@arguments);
  return 'another result' if $result ne $expected;
  return 'made again' if number($panel) != $before;
  return (stat $panel)[9] > time - 500 ? 'used' : 'left alone';
}
sub is_now {
  my ($expected, $title, @arguments) = @_;
  my $is = is_used($none, @arguments);
  ok($is eq $expected, $title) or print "# $is\n";
}
is_now('used', 'the next run uses it: every byte as without');
is_now('used', "with $_ threads too", 'study.json', '--threads', $_) for 1, 3;
is_now('left alone', '--no-cache does not', 'study.json', '--no-cache');

# ---- damage
my $is_cut_found = 1;
for my $length (0, 1, 100, 4096, 8192, int(length($good) / 2), length($good) - 4096, length($good) - 1) {
  spit($panel, substr $good, 0, $length);
  my $is = is_used($none);
  # a file cut short is overwritten by another one
  $is_cut_found = 0, print "# cut to $length: $is\n" if $is ne 'made again' || slurp($panel) ne $good;
}
ok($is_cut_found, 'a panel cut short is made again');
my $is_flip_found = 1;
for my $i (0 .. 24) {
  my $at = $i < 8 ? (0, 8, 12, 4096, 8192, length($good) - 4096, length($good) - 4090, length($good) - 8192)[$i] : int rand length $good;
  my $bad = $good;
  substr($bad, $at, 1) = chr(ord(substr $bad, $at, 1) ^ 1 << int rand 8);
  spit($panel, $bad);
  my $is = is_used($none);
  $is_flip_found = 0, print "# flipped at $at: $is\n" if $is ne 'made again' || slurp($panel) ne $good;
}
ok($is_flip_found, 'a panel with one bit changed is made again');

# ---- what is not ours
sub replace { unlink $panel; remove_tree($panel); $_[0]->() }
my %foreign = (
  'garbage' => sub { spit($panel, join '', map { chr int rand 256 } 1 .. 70000) },
  'an empty file' => sub { spit($panel, '') },
  'a link to the panel' => sub { spit("$work/aside", $good); symlink "$work/aside", $panel or die },
  'another version' => sub { (my $other = $good) =~ s/aftershock 0/aftershock 9/; spit($panel, $other) },
);
for my $what (sort keys %foreign) {
  replace($foreign{$what});
  my $result = run_study();
  ok($result eq $none && !-l $panel && slurp($panel) eq $good, "$what in its place is replaced");
}
ok(slurp("$work/aside") eq $good, 'what the link led to is left');
replace(sub { mkdir $panel or die });
ok(run_study() eq $none && -d $panel, 'a folder in its place is no failure');
replace(sub { system('mkfifo', $panel) == 0 or die });
ok(run_study() eq $none && -f $panel, 'nor is a pipe');

# ---- keys
my %other = (
  'log returns' => { returns => '"log"' },
  'gaps' => { models => '["trade_to_trade"]' },
  'another benchmark' => { market => '"F1"' },
  'no actions' => { actions => undef },
);
my $count = kept();
for my $what (sort keys %other) {
  write_study('other.json', %{ $other{$what} });
  my $expected = run_study('other.json', '--no-cache');
  my $first = run_study('other.json');
  ok(++$count == kept() && $first eq $expected && $expected ne $none && run_study('other.json') eq $expected && $count == kept(),
    "$what: a panel of its own");
}
write_study('other.json', factors => undef, models => '["market_model", "constant_mean"]');
my $expected = run_study('other.json', '--no-cache');
spit('note', "used\n") if run_study('other.json') eq $expected;
ok(-e 'note' && $count == kept(), 'models and factors need none');
write_study('other.json', keep => '"windows"');
my $windows = run_study('other.json', '--no-cache');
ok($windows ne $none && run_study('other.json') eq $windows && $count == kept(), 'a panel of windows alone is not kept');
my ($alien) = grep { $_ ne $panel } kept();
copy($alien, $panel) or die;
ok(run_study() eq $none && slurp($panel) eq $good, 'the panel of another key is not taken for it');
spit('other.json', slurp('study.json'));
my $moved = run_study('other.json', '--no-cache');
ok(run_study('other.json') eq $moved, 'warnings name the files as they are called');

# ---- changed inputs
my $changed = $prices;
substr($changed, length($header) + length(join '', @rows[0 .. 289]) - 6, 1) =~ tr/0-9/5-90-4/; # a volume of MKT
my @then = stat 'prices.csv';
open my $file, '+<:raw', 'prices.csv' or die;
print $file $changed;
close $file;
utime $then[8], $then[9], 'prices.csv';
ok(-s 'prices.csv' == $then[7] && (stat 'prices.csv')[9] == $then[9] && (stat _)[1] == $then[1],
  'a price file changed, with its size and time as before');
my $new = run_study('study.json', '--no-cache');
ok($new ne $none && run_study() eq $new && run_study() eq $new, 'is read again');
spit('prices.csv', $prices);
ok(run_study() eq $none && run_study() eq $none, 'and so it is when it is as it was');
my $actions = slurp('actions.csv');
spit('actions.csv', "date,symbol,kind,value\n$days[40],F2,dividend,0.6\n");
my $less = run_study('study.json', '--no-cache');
ok($less ne $none && run_study() eq $less && run_study() eq $less, 'other actions are seen');
spit('actions.csv', $actions);
($panel) = grep { slurp($_) eq $good } kept();
usleep(2_200_000);
run_study();
spit("$panels/digests", substr slurp("$panels/digests"), 0, 60);
is_now('made again', 'without the digests the prices are read');
is_now('used', 'and known again');
copy('prices.csv', 'copy.csv') or die;
rename 'copy.csv', 'prices.csv' or die;
is_now('used', 'another file with the same bytes is known by them');

# ---- errors
write_study('other.json', market => '"F7"');
ok(run_study('other.json') eq run_study('other.json', '--no-cache'), 'an unknown benchmark is told as ever');
spit('actions.csv', "date,symbol,kind,value\n$days[40],F2,dividend,-1\n");
ok(run_study() eq run_study('study.json', '--no-cache'), 'a bad action too');
spit('actions.csv', $actions);
{
  local $ENV{AFTERSHOCK_CACHE_MOST_BYTES} = '4G';
  ok(run_study() =~ /^status 256\naftershock: AFTERSHOCK_CACHE_MOST_BYTES: "4G" is not a number of bytes\n$/, 'a bound that is no number');
}

# ---- other files
system('gzip -kc prices.csv >prices.csv.gz') == 0 or die;
write_study('other.json', prices => '["prices.csv.gz"]');
my $packed = run_study('other.json', '--no-cache');
$count = kept();
ok(run_study('other.json') eq $packed && kept() == $count + 1 && run_study('other.json') eq $packed, 'packed prices');
spit('one.csv', $header . join('', grep { /,(MKT|F[123]),/ } @rows));
spit('two.csv', $header . join('', grep { /,F[456],/ } @rows));
write_study('other.json', prices => '["one.csv", "two.csv"]');
my $several = run_study('other.json', '--no-cache');
ok(run_study('other.json') eq $several && run_study('other.json') eq $several && kept() == $count + 2, 'several files');
write_study('other.json', prices => '["two.csv", "one.csv"]');
my $turned = run_study('other.json', '--no-cache');
ok(run_study('other.json') eq $turned && run_study('other.json') eq $turned && kept() == $count + 3, 'their order counts');
$count = kept();
write_study('pipe.json', prices => '["-"]');
sub piped {
  remove_tree('out');
  system("'$program' run pipe.json @quick --out out @_ <prices.csv >said 2>warned");
  return slurp('said') . slurp('warned') . contents('out');
}
ok(piped('--no-cache') eq piped() && kept() == $count, 'of standard input nothing is kept');

# ---- commands
my %command = (align => sub { scalar `'$program' align study.json @_ 2>&1` }, stories => sub { scalar `'$program' stories study.json @_ 2>&1` },
  simulate => sub { run('simulate', 'study.json', '--replications', 20, '--no-charts', @_) });
for my $name (sort keys %command) {
  my @said = map { $command{$name}->(@$_) } ['--no-cache'], [], [];
  ok($said[0] ne '' && $said[0] eq $said[1] && $said[0] eq $said[2], "aftershock $name says the same");
}
ok(kept() == $count, 'and needs no panel of its own for want of volumes');
sub sharded {
  remove_tree('shards');
  system("'$program' run study.json --shard $_/2 --out shards @_ -q 2>/dev/null >/dev/null") for 1, 2;
  return run('merge', 'shards', '--no-charts', @_);
}
ok(sharded() eq sharded('--no-cache'), 'shards and their merging');

# ---- two at once
remove_tree("$work/cache");
my @pid = map {
  my $i = $_;
  my $child = fork;
  if ($child == 0) { exec "'$program' run study.json @quick --out at$i --quiet 2>/dev/null" or die }
  $child;
} 1 .. 4;
my $is_done = 1;
for (@pid) { waitpid $_, 0; $is_done &&= $? == 0 }
sub of { my $text = contents($_[0]); $text =~ s/^\Q$_[0]\E/out/mg; return $text }
ok($is_done && kept() == 1 && $none =~ /\Q${\of("at$_")}\E$/, "process $_ of four at once") for 1 .. 4;
($panel) = kept();
ok(slurp($panel) eq $good && !grep({ /new-/ } glob "$panels/*"), 'leave one whole panel');
usleep(2_200_000);
run_study();

# ---- bounds
{
  local $ENV{AFTERSHOCK_CACHE_MOST_BYTES} = 2 * length($good) + 5000;
  my @studies = map { write_study("m$_.json", market => "\"F$_\""); "m$_.json" } 1 .. 3;
  my @made;
  for my $s (@studies) {
    my %before = map { $_ => 1 } kept();
    for my $panel (kept()) { my $used = (stat $panel)[9] - 1000; utime $used, $used, $panel }
    run_study($s);
    push @made, grep { !$before{$_} } kept();
  }
  ok(kept() == 2 && !-e $made[0] && -e $made[2], 'panels that were not used for longest go when the room is used up');
  local $ENV{AFTERSHOCK_CACHE_MOST_BYTES} = 1000;
  my @before = kept();
  ok(run_study() eq $none && "@before" eq join(' ', kept()), 'one that is too large is not kept');
}

# ---- places that cannot be written
{
  local $ENV{XDG_CACHE_HOME} = "$work/nothing";
  spit("$work/nothing", '');
  ok(run_study() eq $none, 'a file where the folder should be');
  local $ENV{XDG_CACHE_HOME} = '/proc/none';
  ok(run_study() eq $none, 'a place where nothing can be made');
  local $ENV{XDG_CACHE_HOME} = 'relative';
  ok(run_study() eq $none && !-e 'relative', 'a relative place is none, and is not made');
  delete local $ENV{XDG_CACHE_HOME};
  local $ENV{HOME} = "$work/nobody";
  ok(run_study() eq $none && !-e "$work/nobody", 'no home, and none is made');
}
SKIP: {
  remove_tree('out');
  remove_tree("$work/cache");
  my $blocks = int(length($good) / 3 / 512); # shells count in 512 or in 1024 bytes
  system("ulimit -f $blocks && '$program' run study.json @quick --out out >said 2>warned");
  ok("status $?\n" . slurp('said') . slurp('warned') . contents('out') eq $none && kept() == 0 && !grep({ /new-/ } glob "$panels/*"),
    'a panel that becomes too large for a file half-way');
  my $tmpfs = sub { return "unshare --user --map-root-user --mount sh -c 'mount -t tmpfs -o size=$_[0] none $work/small && $_[1]'" };
  mkdir "$work/small";
  if (system($tmpfs->('64k', 'true') . ' 2>/dev/null') != 0) {
    ok(1, "a full disk # SKIP this system lets no user mount one") for 1, 2;
    last SKIP;
  }
  remove_tree('out');
  for my $size ('4k', '128k') { # too small to begin with; full in the middle
    my $inside = "XDG_CACHE_HOME=$work/small $program run study.json @quick --out out >said 2>warned; echo status \$? >status; ls -R $work/small >left";
    system($tmpfs->($size, $inside));
    my $result = 'status ' . (slurp('status') =~ /(\d+)/)[0] . "\n" . slurp('said') . slurp('warned') . contents('out');
    ok($result eq $none && slurp('left') !~ /panel$|new-/m, "a disk of $size, which is too small");
  }
}

# ---- Ctrl-C at any moment
remove_tree("$work/cache");
my ($is_clean, $n_stopped) = (1, 0);
for my $try (1 .. 12) {
  my $child = fork;
  if ($child == 0) { exec "exec '$program' run study.json @quick --out stopped --quiet >/dev/null 2>&1" or die }
  usleep($try * 2500);
  kill 'INT', $child;
  waitpid $child, 0;
  $n_stopped++ if $? >> 8 == 130;
  my @left = ((grep { /new-|gone/ } glob "$panels/*"), grep { slurp($_) ne $good } kept());
  print "# left: @left\n" if @left;
  $is_clean = 0 if @left;
  unlink kept();
}
ok($is_clean, 'Ctrl-C leaves no part of a panel');
print "# $n_stopped of 12 were stopped\n";
print "1..$n\n";
