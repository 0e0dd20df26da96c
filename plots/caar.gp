# Average cumulative abnormal return of each group, a panel each, the others in pale lines behind.
# Blocks: 4 panels (left right bottom top colour is_left), 5 and following: a path each (rel_day caar ci_low ci_high).
stats data index 4 using 1 name 'PANELS' nooutput
n = int(PANELS_records)
do for [i=0:n-1] {
  stats data index 4 every ::i::i using (L=$1, R=$2, B=$3, T=$4, c=$5, is_left=$6, 0) nooutput
  @PANEL
  set xtics XT,XS format '%g' tc rgb INK font LABEL
  if (is_left) { set format y '%g %%' } else { set format y '' }
  if (X0 < 0 && X1 > 0) { set arrow 1 from 0,Y0 to 0,Y1 nohead lw 0.6 dt (6,6) lc rgb FOCUS }
  plot data index 5+i using 1:3:4 with filledcurves fs transparent solid 0.16 noborder lc rgb ink(c), \
    for [k=0:n-1] data index 5+k using 1:2 with lines lw 0.7 lc rgb '#BDBDBD', \
    0 with lines lw 0.7 lc rgb INK, \
    data index 5+i using 1:2 with lines lw 1.8 lc rgb ink(c)
  unset arrow
}

@CANVAS
@HEADER, @LABELS
unset multiplot
