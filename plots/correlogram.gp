# Correlation of news and market by lag, a panel for each pair; everything in pixels.
# Blocks: 4 rules (x y dx dy kind), 5 points (x y zero colour); kind 0 a grid line, 1 an axis, 2 a bound.
@CANVAS
kind(k) = $5 == k ? $2 : NaN
plot data index 4 using 1:(kind(0)):3:4 with vectors nohead lw 0.4 lc rgb PALE, \
  data index 4 using 1:(kind(1)):3:4 with vectors nohead lw 0.7 lc rgb RULE, \
  data index 4 using 1:(kind(2)):3:4 with vectors nohead lw 0.8 dt (4,4) lc rgb '#555555', \
  data index 5 using 1:3:(0):($2-$3):(ink($4)) with vectors nohead lw 2 lc rgb variable, \
  data index 5 using 1:2:(ink($4)) with points pt 7 ps 1.3 lc rgb variable
@HEADER, @LABELS
unset multiplot
