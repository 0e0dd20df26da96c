/* The figures of the story: the image of each chart that is in the folder, of the kinds that a page can show. */
#include "story.h"

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { HEAD_BYTES = 1024, MOST_PIXELS = 100000 };

typedef bool (*size_reader)(const char *head, size_t length, int *width, int *height);

static guint32 read_big_endian(const char *bytes) {
  const guint8 *b = (const guint8 *)bytes;
  return (guint32)b[0] << 24 | (guint32)b[1] << 16 | (guint32)b[2] << 8 | b[3];
}

static bool accept_size(guint64 w, guint64 h, int *width, int *height) {
  if (w == 0 || h == 0 || w > MOST_PIXELS || h > MOST_PIXELS) return false;
  *width = (int)w;
  *height = (int)h;
  return true;
}

/* Width and height stand in a PNG's first chunk, after the signature: bytes 16..23, big-endian. */
static bool read_png_size(const char *head, size_t length, int *width, int *height) {
  static const guint8 signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  if (length < 24 || memcmp(head, signature, sizeof signature) != 0) return false;
  return accept_size(read_big_endian(head + 16), read_big_endian(head + 20), width, height);
}

/* A whole number of pixels in double quotes; 0 when the tag has no such attribute. name: with the blank before it. */
static guint64 read_attribute(const char *tag, const char *name) {
  const char *at = strstr(tag, name);
  return at == NULL ? 0 : g_ascii_strtoull(at + strlen(name), NULL, 10);
}

/* An SVG says them in its first tag, as gnuplot writes it: width="1800" height="1125". */
static bool read_svg_size(const char *head, size_t length, int *width, int *height) {
  if (length < 5 || (!g_str_has_prefix(head, "<?xml") && !g_str_has_prefix(head, "<svg"))) return false;
  const char *start = strstr(head, "<svg"), *end = start == NULL ? NULL : strchr(start, '>');
  if (end == NULL) return false;
  g_autofree char *tag = g_strndup(start, (gsize)(end - start));
  return accept_size(read_attribute(tag, " width=\""), read_attribute(tag, " height=\""), width, height);
}

/* In the order of preference: every reader of Markdown shows a PNG, some no SVG. */
static const struct {
  const char *ending;
  size_reader read_size;
} shown[] = {{"png", read_png_size}, {"svg", read_svg_size}};

/* The first bytes of a file, closed with a 0; their number, 0 when it cannot be read. */
static size_t read_head(const char *path, char head[HEAD_BYTES + 1]) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return 0;
  size_t length = fread(head, 1, HEAD_BYTES, file);
  fclose(file);
  head[length] = '\0';
  return length;
}

/* A PDF cannot stand inside a page; where it is all there is, the reader is told once where to look. */
static void tell_pdf(aft_story *story, const char *name) {
  g_autofree char *path = g_strdup_printf("%s/charts/%s.pdf", story->folder, name);
  if (story->has_told_pdf || !g_file_test(path, G_FILE_TEST_IS_REGULAR)) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Figures that were drawn as PDF alone are not shown here: they are in ");
  aft_line_code(line, "charts/*.pdf");
  aft_line_say(line, ".");
  story->has_told_pdf = true;
}

aft_line *aft_story_add_chart(aft_story *story, const char *name, const char *alt) {
  for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
    g_autofree char *file = g_strdup_printf("charts/%s.%s", name, shown[i].ending);
    g_autofree char *path = g_build_filename(story->folder, file, NULL);
    char head[HEAD_BYTES + 1];
    int width = 0, height = 0;
    size_t length = read_head(path, head);
    if (length == 0 || !shown[i].read_size(head, length, &width, &height)) continue;
    return aft_document_add_figure(story->document, file, width, height, alt);
  }
  tell_pdf(story, name);
  return NULL;
}
