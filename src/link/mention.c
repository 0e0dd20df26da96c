/* Names and tickers in text. */
#include <aftershock/link/mention.h>

#include <glib.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Bytes above ASCII belong to letters. */
static bool is_word(char c) { return g_ascii_isalnum(c) || (unsigned char)c >= 0x80; }

size_t aft_mention_count(const char *text, const char *phrase, bool exact) {
  size_t length = strlen(phrase), count = 0;
  if (length == 0) return 0;
  for (const char *p = text; *p != '\0'; p++) {
    if ((p > text && is_word(p[-1])) || g_ascii_tolower(*p) != g_ascii_tolower(*phrase)) continue;
    if ((exact ? strncmp(p, phrase, length) : g_ascii_strncasecmp(p, phrase, length)) != 0 || is_word(p[length]))
      continue;
    count++;
    p += length - 1;
  }
  return count;
}

/* "$NVDA", which a word boundary in front of the letters would also find, and a bare ticker that is no word of every text. */
static size_t count_ticker(const char *text, const char *symbol) {
  bool is_plain = strlen(symbol) >= 2;
  for (const char *p = symbol; *p != '\0'; p++) is_plain = is_plain && !g_ascii_islower(*p);
  if (is_plain) return aft_mention_count(text, symbol, true);
  g_autofree char *cashtag = g_strconcat("$", symbol, NULL);
  return aft_mention_count(text, cashtag, true);
}

size_t aft_mention_count_security(const char *text, const char *symbol, char *const *names) {
  size_t count = count_ticker(text, symbol);
  for (; names != NULL && *names != NULL; names++)
    if (strcmp(*names, symbol) != 0) count += aft_mention_count(text, *names, false);
  return count;
}
