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
#define BODY_FF3_EMPTY \
  "Preamble\r\n\r\n,Mkt-RF,SMB,HML,RF\r\n20190102,    0.50,    0.10,    0.20,    0.010\r\n\r\nCopyright\r\n"
#define BODY_MOM_EMPTY "Preamble\n\n,Mom   \n20190102,    0.50\n"
#define BODY_MOM "Preamble\n\n,Mom   \n20250124,    0.50\n20250127,   -3.10\n20250128,    1.00\n\n,Annual\n2024, 3.0\n"

/* Two filings of form 8-K among others; the JSON of this filer says New York with a false Z. */
#define BODY_TICKERS \
  "{\"0\":{\"cik_str\":320193,\"ticker\":\"AAPL\",\"title\":\"Apple Inc.\"}," \
  "\"1\":{\"cik_str\":1045810,\"ticker\":\"NVDA\",\"title\":\"NVIDIA CORP\"}}"
#define BODY_SUBMISSIONS_EMPTY \
  "{\"cik\":\"0001045810\",\"name\":\"NVIDIA CORP\",\"filings\":{\"recent\":{\"accessionNumber\":[],\"filingDate\":[]," \
  "\"acceptanceDateTime\":[],\"form\":[],\"items\":[],\"primaryDocument\":[]},\"files\":[]}}"
#define BODY_SUBMISSIONS \
  "{\"cik\":\"0001045810\",\"name\":\"NVIDIA CORP\",\"filings\":{\"recent\":{" \
  "\"accessionNumber\":[\"0001045810-25-000012\",\"0001045810-25-000011\",\"0001045810-24-000099\",\"0001045810-24-000098\"]," \
  "\"filingDate\":[\"2025-02-26\",\"2025-02-14\",\"2024-07-08\",\"2025-02-03\"]," \
  "\"acceptanceDateTime\":[\"2025-02-26T21:21:33.000Z\",\"2025-02-14T11:05:01.000Z\",\"2024-07-05T18:30:01.000Z\"," \
  "\"2025-02-03T21:30:00.000Z\"]," \
  "\"form\":[\"8-K\",\"SC 13G/A\",\"8-K\",\"8-K\"],\"items\":[\"2.02,9.01\",\"\",\"5.02\",\"8.01\"]," \
  "\"primaryDocument\":[\"a.htm\",\"b.htm\",\"c.htm\",\"d.htm\"]}," \
  "\"files\":[{\"name\":\"CIK0001045810-submissions-001.json\",\"filingFrom\":\"1999-01-22\",\"filingTo\":\"2023-11-30\"}]}}"
#define BODY_HEADER_12 "<html><pre>&lt;SEC-HEADER&gt;\n&lt;ACCEPTANCE-DATETIME&gt;20250226162133\n&lt;/pre></html>"
/* A Friday evening in summer: public on Monday morning. */
#define BODY_HEADER_99 "<html><pre><ACCEPTANCE-DATETIME>20240705183001\n</pre></html>"

#define BODY_GDELT \
  "{\"articles\":[{\"url\":\"https://news.example/a\",\"title\":\"Chip maker slides as rival model\tis released\"," \
  "\"seendate\":\"20250127T143000Z\",\"domain\":\"news.example\"}," \
  "{\"url\":\"https://news.example/b\",\"title\":\"Entreprise caf\xC3\xA9 &amp; co\",\"seendate\":\"20250127T144500Z\"," \
  "\"domain\":\"news.example\"}]}"

/* Fields 0 to 26 of a row with what is read, the others empty. */
#define GKG_ROW(id, date, collection, source, url, organisations, tone, extras) \
  id "\t" date "\t" collection "\t" source "\t" url "\t\t\t\t\t\t\t\t\t" organisations "\t\t" tone \
     "\t\t\t\t\t\t\t\t\t\t\t" extras "\n"
#define BODY_GKG \
  GKG_ROW( \
      "20250127143000-1", "20250127143000", "1", "news.example", "https://news.example/a", "nvidia;nasdaq", \
      "-2.5,1,3.5,4.5,20,0,300", \
      "<PAGE_TITLE>Nvidia &amp; caf\xC3\xA9</PAGE_TITLE><PAGE_PRECISEPUBTIMESTAMP>20250127141007</PAGE_PRECISEPUBTIMESTAMP>") \
  GKG_ROW("20250127143000-2", "20250127143000", "1", "b.example", "https://b.example/", "opec", "1,1", "") \
  GKG_ROW("20250127143000-3", "20250127143000", "2", "c.example", "c", "nvidia", "1,1", "") \
  GKG_ROW( \
      "20250127143000-4", "20250127143000", "1", "d.example", "https://d.example/", "", "0.5,1", \
      "<PAGE_TITLE>NVIDIA\xFF falls</PAGE_TITLE><PAGE_PRECISEPUBTIMESTAMP>20250128141007</PAGE_PRECISEPUBTIMESTAMP>")

#define BODY_RSS \
  "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">" \
  "<channel><title>Wire</title><item><title>Caf\xC3\xA9 &amp; Co&nbsp;reports</title><link>https://wire.example/1</link>" \
  "<guid isPermaLink=\"false\">wire-1</guid><pubDate>Wed, 26 Feb 2025 16:20:00 EST</pubDate></item>" \
  "<item><title><![CDATA[Results <b>up</b>]]></title><link>https://wire.example/2</link>" \
  "<dc:date>2024-07-05T16:20:00-04:00</dc:date></item>" \
  "<item><title>No time</title><guid>wire-3</guid><pubDate>yesterday</pubDate></item></channel></rss>"
#define BODY_RSS_EMPTY "<rss version=\"2.0\"><channel><title>Wire</title></channel></rss>"

#define BODY_HN \
  "{\"hits\":[{\"objectID\":\"42770000\",\"title\":\"A new reasoning model\",\"url\":\"https://lab.example/r1\"," \
  "\"points\":812,\"created_at\":\"2025-01-20T12:37:00Z\",\"created_at_i\":1737376620}," \
  "{\"objectID\":\"42770001\",\"title\":\"Ask HN: na\xC3\xAFve?\",\"url\":null,\"created_at_i\":1737990000}]," \
  "\"nbHits\":2,\"page\":0,\"nbPages\":1,\"hitsPerPage\":1000}"

#define BODY_FINNHUB \
  "[{\"category\":\"company\",\"datetime\":1737988200,\"headline\":\"Nvidia falls \xE2\x80\x93 17 %\",\"id\":130000001," \
  "\"related\":\"NVDA\",\"source\":\"Example\",\"summary\":\"...\",\"url\":\"https://example.org/1?a=b\"}]"
#define BODY_RESULTS \
  "{\"earningsCalendar\":[" \
  "{\"date\":\"2025-02-26\",\"epsActual\":0.89,\"epsEstimate\":0.84,\"hour\":\"amc\",\"quarter\":4,\"symbol\":\"NVDA\",\"year\":2025}," \
  "{\"date\":\"2024-08-28\",\"epsActual\":null,\"hour\":\"bmo\",\"quarter\":2,\"symbol\":\"NVDA\",\"year\":2025}," \
  "{\"date\":\"2024-05-22\",\"hour\":\"\",\"quarter\":1,\"symbol\":\"NVDA\",\"year\":2025}]}"

#define BODY_ARXIV \
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>ArXiv Query</title>" \
  "<entry><id>http://arxiv.org/abs/2501.12948v1</id><updated>2025-01-25T00:00:00Z</updated>" \
  "<published>2025-01-22T15:19:35Z</published><title>Incentivizing Reasoning\n  in Models</title>" \
  "<link href=\"http://arxiv.org/abs/2501.12948v1\" rel=\"alternate\" type=\"text/html\"/></entry></feed>"

#define BODY_GITHUB \
  "[{\"tag_name\":\"v1.1\",\"name\":\"\",\"draft\":false,\"published_at\":\"2025-01-20T12:00:00Z\"," \
  "\"created_at\":\"2025-01-01T00:00:00Z\",\"html_url\":\"https://github.example/v1.1\"}," \
  "{\"tag_name\":\"v2\",\"draft\":true,\"published_at\":null}," \
  "{\"tag_name\":\"v1.0\",\"name\":\"First \xE2\x9C\x94\",\"draft\":false,\"published_at\":\"2024-07-01T12:00:00Z\"}]"

#define BODY_HF "{\"id\":\"deepseek-ai/DeepSeek-R1\",\"createdAt\":\"2025-01-20T03:46:07.000Z\",\"private\":false}"

#define BODY_VIEWS \
  "{\"items\":[{\"project\":\"en.wikipedia\",\"timestamp\":\"2025012700\",\"views\":123456}," \
  "{\"project\":\"en.wikipedia\",\"timestamp\":\"2025012800\",\"views\":98765}]}"

#define BODY_TIMELINE \
  "{\"query_details\":{\"title\":\"x\"},\"timeline\":[{\"series\":\"Volume Intensity\",\"data\":[" \
  "{\"date\":\"20250127T000000Z\",\"value\":0.1},{\"date\":\"20250127T120000Z\",\"value\":0.3}," \
  "{\"date\":\"20250128T000000Z\",\"value\":0.25}]}]}"

#endif
