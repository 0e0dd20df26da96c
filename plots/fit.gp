# The market model as a scatter with the event day far off the line.
# Blocks: 4 estimation days (market focus), 5 line (market expected), 6 event (market focus expected).
@PANEL
set grid xtics ytics lw 0.4 lc rgb PALE dt 1
set xtics XT,XS format '%g %%' tc rgb INK font LABEL
set format y '%g %%'
if (Y0 < 0 && Y1 > 0) set arrow 1 from X0,0 to X1,0 nohead lw 0.6 lc rgb RULE back
if (X0 < 0 && X1 > 0) set arrow 2 from 0,Y0 to 0,Y1 nohead lw 0.6 lc rgb RULE back
plot data index 4 using 1:2 with points pt 7 ps 1.3 lc rgb '#A8A8A8', \
  data index 5 using 1:2 with lines lw 1.6 lc rgb BLUE, \
  data index 6 using 1:3:(0):($2-$3) with vectors nohead lw 1.2 dt (6,6) lc rgb FOCUS, \
  data index 6 using 1:3 with points pt 6 ps 1.6 lw 1.2 lc rgb BLUE, \
  data index 6 using 1:2 with points pt 7 ps 2.4 lc rgb FOCUS
unset arrow

@CANVAS
@HEADER, @LABELS
unset multiplot
