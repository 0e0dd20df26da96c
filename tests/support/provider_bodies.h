/* Answers of the providers: their shapes, with values that are invented or well known. */
#ifndef TESTS_PROVIDER_BODIES_H
#define TESTS_PROVIDER_BODIES_H

/* Four bars with data: summer (13:30 UTC), the day before a change of clocks and the day after, winter (14:30 UTC); a holiday without
 * prices, a day given twice, and a bar behind the window. */
#define BODY_YAHOO \
  "{\"chart\":{\"result\":[{\"meta\":{\"currency\":\"USD\",\"symbol\":\"NVDA\",\"gmtoffset\":-18000," \
  "\"exchangeTimezoneName\":\"America/New_York\"}," \
  "\"timestamp\":[1718026200,1730467800,1730730600,1737383400,1738011601,1737988200,1740000600]," \
  "\"events\":{\"dividends\":{\"1730730600\":{\"amount\":0.01,\"date\":1730730600}}," \
  "\"splits\":{\"1718026200\":{\"date\":1718026200,\"numerator\":10.0,\"denominator\":1.0,\"splitRatio\":\"10:1\"}}}," \
  "\"indicators\":{\"quote\":[{" \
  "\"open\":[120.37,134.7,137.21,null,124.7,124.8,138],\"high\":[123.1,137.31,138.96,null,128.4,128.4,140]," \
  "\"low\":[117.01,134.57,135.57,null,116.7,116.7,137],\"close\":[121.79,135.4,136.05,null,118,118.42,139]," \
  "\"volume\":[314162700,207127800,187528200,null,1,818830900,1]}]," \
  "\"adjclose\":[{\"adjclose\":[121.75,135.37,136.02,null,118,118.39,NaN]}]}}],\"error\":null}}"
#define BODY_YAHOO_EMPTY \
  "{\"chart\":{\"result\":[{\"meta\":{\"exchangeTimezoneName\":\"America/New_York\"}," \
  "\"indicators\":{\"quote\":[{}]}}],\"error\":null}}"

#define BODY_FRED \
  "observation_date,SP500\r\n2025-01-17,5996.66\r\n2025-01-20,\r\n2025-01-21,6049.24\r\n2025-02-03,.\r\n"

#define BODY_TIINGO \
  "[{\"date\":\"2024-06-10T00:00:00+00:00\",\"close\":121.79,\"high\":123.1,\"low\":117.01,\"open\":120.37," \
  "\"volume\":314162700,\"adjClose\":121.75,\"divCash\":0.0,\"splitFactor\":10.0}," \
  "{\"date\":\"2025-01-27T00:00:00.000Z\",\"close\":118.42,\"high\":128.4,\"low\":116.7,\"open\":124.8," \
  "\"volume\":818830900,\"adjClose\":118.39,\"divCash\":0.01,\"splitFactor\":1.0}]"

/* The second row is a filler without trade. */
#define BODY_EODHD \
  "[{\"date\":\"2025-01-24\",\"open\":224.78,\"high\":225.63,\"low\":221.41,\"close\":222.78," \
  "\"adjusted_close\":221.9,\"volume\":54697900}," \
  "{\"date\":\"2025-01-25\",\"open\":222.78,\"high\":222.78,\"low\":222.78,\"close\":222.78," \
  "\"adjusted_close\":221.9,\"volume\":0}]"

#define BODY_FF3 \
  "This line names the program, of the CRSP data cut (202501).\r\nThe T-bill rate is caf\xE9-made.\r\n\r\n" \
  ",Mkt-RF,SMB,HML,RF\r\n20241231,   -0.46,    0.10,    0.20,    0.017\r\n20250124,   -0.39,   -0.17,   -0.21,    0.017\r\n" \
  "20250127,   -1.77,   -0.02,    2.41,    0.017\r\n20250128,    0.80, -99.99,   -999,    0.017\r\n\r\n" \
  "Copyright 2025 Kenneth R. French\r\n"
#define BODY_MOM "Preamble\n\n,Mom   \n20250124,    0.50\n20250127,   -3.10\n20250128,    1.00\n\n,Annual\n2024, 3.0\n"

#endif
