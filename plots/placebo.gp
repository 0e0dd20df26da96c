# The event's CAR inside the distribution of the placebo dates: a bar a class of CARs, dates of like volatility darker; in pixels.
# Blocks: 4 bars (left right bottom top colour), 5 rules (x y dx dy kind); kind 0 a grid line, 1 an axis, 2 the event, 3 a limit.
@CANVAS
kind(k) = $5 == k ? $2 : NaN
plot data index 5 using 1:(kind(0)):3:4 with vectors nohead lw 0.4 lc rgb PALE, \
  data index 4 using (($1+$2)/2):(($3+$4)/2):1:2:3:4:($5 == 0 ? 0xB9CFE0 : 0x0072B2) with boxxyerror fs solid 1 noborder lc rgb variable, \
  data index 5 using 1:(kind(1)):3:4 with vectors nohead lw 0.7 lc rgb RULE, \
  data index 5 using 1:(kind(3)):3:4 with vectors nohead lw 0.8 dt (6,6) lc rgb INK, \
  data index 5 using 1:(kind(2)):3:4 with vectors nohead lw 2.4 lc rgb FOCUS
@HEADER, @LABELS
unset multiplot
