# Price of the focus security around the event, benchmark rebased, articles in a strip below where there are any.
# Blocks: 4 bars (rel_day open low high close kind), 5 lines (rel_day market close), 6 articles (x y story size, pixels),
# 7 panels (bottom of the prices, top of the strip, pixels; without a strip both are B).
stats data index 7 using (MAIN_BOTTOM=$1, STRIP_TOP=$2, 0) nooutput
x_pixel(x) = L + (x - X0) / (X1 - X0) * (R - L)

@CANVAS
set object 1 rectangle from x_pixel(-0.5),B to x_pixel(0.5),T fs solid noborder fc rgb TINT behind
@HEADER, @SESSIONS, @LABELS, \
  data index 6 using 1:2:($4*2.9):(ink($3)) with points pt 7 ps variable lc rgb variable
unset object 1

# The strip: only its base line with the session ticks.
if (STRIP_TOP > B) {
  @PANEL
  set tmargin at screen STRIP_TOP/H
  set border 1
  unset ytics
  unset grid
  set yrange [0:1]
  plot NaN
}

@PANEL
set bmargin at screen MAIN_BOTTOM/H
if (STRIP_TOP > B) {
  set border 2
  unset xtics
}
set boxwidth 0.62
kind(k) = $6 == k ? $1 : NaN
plot data index 5 using 1:2 with lines lw 1.2 lc rgb RULE, \
  data index 4 using (kind(0)):2:3:4:5 with candlesticks fs solid 1 border lc rgb '#555555' lw 0.7 lc rgb '#555555', \
  data index 4 using (kind(1)):2:3:4:5 with candlesticks fs solid 0 border lc rgb '#555555' lw 0.7 lc rgb '#555555', \
  data index 4 using (kind(2)):2:3:4:5 with candlesticks fs solid 1 border lc rgb FOCUS lw 1 lc rgb FOCUS, \
  data index 5 using 1:3 with linespoints lw 1 lc rgb INK pt 7 ps 0.6
unset multiplot
