# How often each test rejects, a row each, a panel for each design, against the nominal level; everything in pixels.
# Blocks: 4 bands (left right bottom top), 5 rules (x y dx dy kind), 6 points (x y low high colour); kind 0 a grid line, 1 an axis,
# 2 the nominal level.
@CANVAS
kind(k) = $5 == k ? $2 : NaN
plot data index 4 using (($1+$2)/2):(($3+$4)/2):1:2:3:4 with boxxyerror fs solid 1 noborder lc rgb BAND, \
  data index 5 using 1:(kind(0)):3:4 with vectors nohead lw 0.4 lc rgb PALE, \
  data index 5 using 1:(kind(1)):3:4 with vectors nohead lw 0.7 lc rgb RULE, \
  data index 5 using 1:(kind(2)):3:4 with vectors nohead lw 0.8 dt (6,6) lc rgb INK, \
  data index 6 using 3:2:($4-$3):(0):(ink($5)) with vectors nohead lw 1 lc rgb variable, \
  data index 6 using 1:2:(ink($5)) with points pt 7 ps 1.3 lc rgb variable
@HEADER, @LABELS
unset multiplot
