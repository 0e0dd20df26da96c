# Abnormal returns above, articles below, on the same sessions; everything in pixels.
# Blocks: 4 rules (x y dx dy kind), 5 bars (left right bottom top colour); kind 0 a grid line, 1 an axis.
@CANVAS
kind(k) = $5 == k ? $2 : NaN
plot data index 4 using 1:(kind(0)):3:4 with vectors nohead lw 0.4 lc rgb PALE, \
  data index 5 using (($1+$2)/2):(($3+$4)/2):1:2:3:4:(ink($5)) with boxxyerror fs solid 1 noborder lc rgb variable, \
  data index 4 using 1:(kind(1)):3:4 with vectors nohead lw 0.7 lc rgb RULE
@HEADER, @LABELS
unset multiplot
