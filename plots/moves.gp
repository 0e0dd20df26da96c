# Abnormal moves over time, a stem each, linked ones in the colour of the focus.
# Blocks: 2 dates (day row text), 4 moves (day abnormal kind); kind 0 unexplained, 1 several stories, 2 linked;
#         5 leaders (day abnormal label_day label_abnormal) to the labels of linked ones that stand away from their dot.
@PANEL
set format y '%g %%'
unset xtics
kind(k) = $3 == k ? $2 : NaN
plot 0 with lines lw 0.7 lc rgb INK, \
  data index 4 using 1:(0):(0):2:3 with vectors nohead lw 0.5 lc rgb RULE, \
  data index 5 using 1:2:($3-$1):($4-$2) with vectors nohead lw 0.9 lc rgb FOCUS, \
  data index 4 using 1:(kind(0)) with points pt 7 ps 0.8 lc rgb RULE, \
  data index 4 using 1:(kind(1)) with points pt 6 ps 1.1 lw 1.2 lc rgb '#555555', \
  data index 4 using 1:(kind(2)) with points pt 7 ps 1.2 lc rgb FOCUS

@CANVAS
@HEADER, @SESSIONS, @LABELS
unset multiplot
