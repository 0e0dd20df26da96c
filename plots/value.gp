# Market value gained or lost, a bar for each firm and one for their sum; everything in pixels.
# Blocks: 4 bars (left right bottom top colour), 5 rules (x y dx dy kind); kind 0 a grid line, 1 the line of no change.
@CANVAS
kind(k) = $5 == k ? $2 : NaN
plot data index 5 using 1:(kind(0)):3:4 with vectors nohead lw 0.4 lc rgb PALE, \
  data index 4 using (($1+$2)/2):(($3+$4)/2):1:2:3:4:(ink($5)) with boxxyerror fs solid 1 noborder lc rgb variable, \
  data index 5 using 1:(kind(1)):3:4 with vectors nohead lw 0.8 lc rgb INK
@HEADER, @LABELS
unset multiplot
