# Articles at their time of publication against the hours of the sessions, a row a day; y is in pixels.
# Blocks: 4 rows (open close y low high kind), 5 articles (hour y to_hour to_y colour kind).
@PANEL
set border 1
unset ytics
set grid xtics noytics lw 0.4 lc rgb PALE dt 1
kind(k) = $6 == k ? $3 : NaN
plot data index 4 using (0):3:(24):(0) with vectors nohead lw 0.5 lc rgb PALE, \
  data index 4 using 1:(kind(1)):1:2:4:5 with boxxyerror fs solid 1 noborder lc rgb '#E3E3E3', \
  data index 4 using 1:(kind(2)):1:2:4:5 with boxxyerror fs solid 1 noborder lc rgb '#F6CDB0', \
  data index 5 using 1:2:($3-$1):($4-$2):(ink($5)) with vectors head size 0.22,20 filled lw 0.7 lc rgb variable, \
  data index 5 using 1:($6==0 ? $2 : NaN):(ink($5)) with points pt 7 ps 1.4 lc rgb variable, \
  data index 5 using 1:($6==1 ? $2 : NaN):(ink($5)) with points pt 6 ps 1.4 lw 1.2 lc rgb variable

@CANVAS
@HEADER, @LABELS
unset multiplot
