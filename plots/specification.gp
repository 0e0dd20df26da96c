# Every specification of one event, sorted by its estimate, with its limits on top and its choices below; everything in pixels.
# Blocks: 4 limits (x low high colour), 5 rules (x y dx dy kind), 6 marks (left right bottom top colour), 7 points (x y colour);
# kind 0 a grid line, 1 an axis, 2 zero, 3 the median.
@CANVAS
kind(k) = $5 == k ? $2 : NaN
shade(i) = i == 1 ? 0x0072B2 : 0xA9B1B8
band(i) = i == 1 ? 0xA9CBE0 : 0xDDE1E5
plot data index 5 using 1:(kind(0)):3:4 with vectors nohead lw 0.4 lc rgb PALE, \
  data index 4 using 1:2:(0):($3-$2):(band($4)) with vectors nohead lw 0.9 lc rgb variable, \
  data index 5 using 1:(kind(1)):3:4 with vectors nohead lw 0.7 lc rgb RULE, \
  data index 5 using 1:(kind(2)):3:4 with vectors nohead lw 0.8 lc rgb INK, \
  data index 5 using 1:(kind(3)):3:4 with vectors nohead lw 1.2 dt (6,6) lc rgb FOCUS, \
  data index 6 using (($1+$2)/2):(($3+$4)/2):1:2:3:4:(shade($5)) with boxxyerror fs solid 1 noborder lc rgb variable, \
  data index 7 using 1:2:(shade($3)) with points pt 7 ps 0.9 lc rgb variable
@HEADER, @LABELS
unset multiplot
