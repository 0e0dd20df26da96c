# Cumulative abnormal return of the focus event with pointwise and simultaneous bands.
# Block 4: path (rel_day car ci_low ci_high sim_low sim_high).
@PANEL
set format y '%g %%'
if (X0 < 0 && X1 > 0) set arrow 1 from 0,Y0 to 0,Y1 nohead lw 0.8 dt (6,6) lc rgb FOCUS
plot data index 4 using 1:5:6 with filledcurves lc rgb FAINT, \
  data index 4 using 1:3:4 with filledcurves lc rgb '#CFDFEE', \
  data index 4 using 1:5 with lines lw 0.7 lc rgb RULE, \
  data index 4 using 1:6 with lines lw 0.7 lc rgb RULE, \
  data index 4 using 1:3 with lines lw 0.7 lc rgb BLUE, \
  data index 4 using 1:4 with lines lw 0.7 lc rgb BLUE, \
  0 with lines lw 0.7 lc rgb INK, \
  data index 4 using 1:2 with linespoints lw 1.8 pt 7 ps 0.9 lc rgb FOCUS
unset arrow

@CANVAS
@HEADER, @SESSIONS, @LABELS
unset multiplot
