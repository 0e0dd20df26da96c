/* report.md and report.html: one document, written twice. */
#include <aftershock/report/report.h>

#include "html.h"
#include "markdown.h"
#include "story.h"

#include <aftershock/base/file.h>

#include <aftershock/base/banned.h>

static bool write_text(const char *folder, const char *name, const GString *text, GError **error) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return aft_file_write(path, text->str, text->len, error);
}

static bool write_both(const aft_document *document, const char *folder, GError **error) {
  g_autoptr(GString) markdown = g_string_new(NULL), html = g_string_new(NULL);
  aft_markdown_print(document, markdown);
  return aft_html_print(document, folder, html, error) && write_text(folder, "report.md", markdown, error) &&
         write_text(folder, "report.html", html, error);
}

bool aft_documents_write(const char *folder, GError **error) {
  aft_facts facts = {0};
  if (!aft_facts_read(&facts, folder, error)) return false;
  aft_story story;
  aft_story_init(&story, &facts, folder);
  g_autofree char *generator = g_strdup_printf("%s %s", facts.program, facts.version);
  aft_document *document = aft_document_new(facts.title, g_strchomp(generator));
  aft_story_tell(&story, document);
  bool is_written = write_both(document, folder, error);
  aft_document_free(document);
  aft_story_clear(&story);
  aft_facts_clear(&facts);
  return is_written;
}
