# Abnormal returns of every security with intervals, sorted within groups; y is in pixels.
# Block 4: rows (car y ci_low ci_high colour kind); kind 0 a security, 1 the focus, 2 a mean.
@PANEL
set border 1
unset ytics
set grid xtics noytics lw 0.4 lc rgb PALE dt 1
set xtics XT,XS format '%g %%' tc rgb INK font LABEL
if (X0 < 0 && X1 > 0) set arrow 1 from 0,Y0 to 0,Y1 nohead lw 0.7 lc rgb INK back
kind(k) = $6 == k ? $2 : NaN
plot data index 4 using 3:2:($4-$3):(0):(ink($5)) with vectors nohead lw 1 lc rgb variable, \
  data index 4 using 1:(kind(0)):(ink($5)) with points pt 7 ps 1.5 lc rgb variable, \
  data index 4 using 1:(kind(1)):(ink($5)) with points pt 7 ps 2.2 lc rgb variable, \
  data index 4 using 1:(kind(2)):(ink($5)) with points pt 13 ps 2.6 lc rgb variable
unset arrow

@CANVAS
@HEADER, @LABELS
unset multiplot
