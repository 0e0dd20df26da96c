# Daily abnormal returns of the focus event with their limits around zero.
# Blocks: 4 days (rel_day abnormal limit kind), 5 band (x low high), 6 other events (rel_day colour).
@PANEL
set format y '%g %%'
set boxwidth 0.58
kind(k) = $4 == k ? $2 : NaN
plot data index 5 using 1:2:3 with filledcurves lc rgb BAND, \
  data index 6 using 1:(0):(0):(Y1) with vectors nohead lw 0.8 dt (6,6) lc rgb BLUE, \
  0 with lines lw 0.7 lc rgb INK, \
  data index 4 using 1:(kind(0)) with boxes lc rgb RULE, \
  data index 4 using 1:(kind(1)) with boxes lc rgb '#555555', \
  data index 4 using 1:(kind(2)) with boxes lc rgb FOCUS

@CANVAS
@HEADER, @SESSIONS, @LABELS
unset multiplot
