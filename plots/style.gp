# The one style of all charts. Run before the script of a chart, inside the charts folder:
#   gnuplot -d -e "format='png'; name='price'" style.gp price.gp
# All text and all numbers come from NAME.tsv; its first blocks are: 0 layout, 1 header, 2 labels of the session axis.
# A script draws layers of one multiplot: the text layer in pixels first, then panels.

data = name.'.tsv'
set encoding utf8
set datafile separator "\t"

W = 1800.
stats data index 0 using (H=$1, L=$2, R=$3, B=$4, T=$5, X0=$6, X1=$7, Y0=$8, Y1=$9, XT=$10, XS=$11, YS=$12, 0) nooutput

# Sizes are points at 96 dots per inch of an 1800 pixel wide PNG; the other formats are scaled to look the same.
FACE = "DejaVu Sans"
if (format eq 'png') set term pngcairo size W,H font FACE.',18' fontscale 1 linewidth 2 pointscale 1 rounded noenhanced background rgb 'white'
if (format eq 'svg') set term svg size W,H font FACE.',18' fontscale 1.333 linewidth 2 rounded noenhanced background rgb 'white'
if (format eq 'pdf') set term pdfcairo size 12in,H/W*12in font FACE.',18' fontscale 0.48 linewidth 0.96 pointscale 0.48 rounded noenhanced background rgb 'white'
set output name.'.partial.'.format

TITLE = FACE.' Bold,26'
SUBTITLE = FACE.',19'
LABEL = FACE.',18'
STRONG = FACE.' Bold,18'
SMALL = FACE.',15'

# Okabe and Ito's colours, darkened where text in them would be too pale. 0 is the focus; it is never used for anything else.
INK = '#222222'
GREY = '#6B6B6B'
RULE = '#9A9A9A'
PALE = '#D8D8D8'
BAND = '#DDE6EF'
FAINT = '#EEF2F7'
FOCUS = '#C84E00'
TINT = '#FBE6D8'
BLUE = '#0072B2'
array PALETTE[8] = [0xC84E00, 0x0072B2, 0x00795A, 0xA0447E, 0x8C6100, 0x2B8FC4, 0x4B5A66, 0x6A51A3]
colour(i) = PALETTE[1 + int(i) % 8]

unset key
set minussign
set style fill solid 1 noborder
set samples 2
set border 3 lw 0.7 lc rgb RULE
set tics nomirror out scale 0.6 tc rgb INK font LABEL
set multiplot

# A layer without axes over the whole canvas, in pixels.
CANVAS = "set lmargin at screen 0; set rmargin at screen 1; set bmargin at screen 0; set tmargin at screen 1; \
unset border; unset xtics; unset ytics; unset grid; unset xzeroaxis; set xrange [0:W]; set yrange [0:H]"
HEADER = "plot data index 1 using (48):($1==1 ? H-62 : NaN):2 with labels left font TITLE tc rgb INK, \
data index 1 using (48):($1==2 ? H-112 : NaN):2 with labels left font SUBTITLE tc rgb GREY, \
data index 1 using (48):($1==3 ? 34 : NaN):2 with labels left font SMALL tc rgb GREY"
# The panel of the layout, with a frame left and below.
PANEL = "set lmargin at screen L/W; set rmargin at screen R/W; set bmargin at screen B/H; set tmargin at screen T/H; \
set border 3 lw 0.7 lc rgb RULE; set xrange [X0:X1]; set yrange [Y0:Y1]; \
set xtics nomirror out scale 0.6 XT,XS format ''; set ytics nomirror out scale 0.6 YS format '%g' tc rgb INK font LABEL; set grid noxtics ytics lw 0.4 lc rgb PALE dt 1"
# Labels of the session axis: first row relative session, second row date, under a panel whose bottom is at the given pixel.
SESSIONS = "data index 2 using (L+($1-X0)/(X1-X0)*(R-L)):($2==1 ? B-30 : NaN):3 with labels center font LABEL tc rgb INK, \
data index 2 using (L+($1-X0)/(X1-X0)*(R-L)):($2==2 ? B-64 : NaN):3 with labels center font LABEL tc rgb GREY"
# Labels in pixels: x y align weight colour text; colour -1 is ink, -2 grey, others the palette. The row that stands for an
# empty block has no colour: its NaN is not drawn, but its colour is asked for.
ink(i) = i >= 0 ? colour(i) : i == -2 ? 0x6B6B6B : 0x222222
pick(a,w) = column(3) == a && column(4) == w ? column(2) : NaN
LABELS = "data index 3 using 1:(pick(0,0)):6:(ink($5)) with labels left font LABEL tc rgb variable, \
data index 3 using 1:(pick(1,0)):6:(ink($5)) with labels center font LABEL tc rgb variable, \
data index 3 using 1:(pick(2,0)):6:(ink($5)) with labels right font LABEL tc rgb variable, \
data index 3 using 1:(pick(0,1)):6:(ink($5)) with labels left font STRONG tc rgb variable, \
data index 3 using 1:(pick(1,1)):6:(ink($5)) with labels center font STRONG tc rgb variable, \
data index 3 using 1:(pick(2,1)):6:(ink($5)) with labels right font STRONG tc rgb variable, \
data index 3 using 1:(pick(0,2)):6:(ink($5)) with labels left font SMALL tc rgb variable, \
data index 3 using 1:(pick(1,2)):6:(ink($5)) with labels center font SMALL tc rgb variable, \
data index 3 using 1:(pick(2,2)):6:(ink($5)) with labels right font SMALL tc rgb variable"
