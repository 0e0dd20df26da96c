/* Documents of commands with a folder of their own. */
#include "command_story.h"

#include "html.h"
#include "markdown.h"

#include <aftershock/base/file.h>
#include <aftershock/report/report.h>

#include <aftershock/base/banned.h>

bool command_story_read(command_story *story, const char *file, GError **error) {
  g_autofree char *path = g_build_filename(story->folder, file, NULL);
  json_error_t problem;
  story->root = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);
  if (story->root != NULL) return true;
  g_set_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER, "%s: %s; make the folder again", path, problem.text);
  return false;
}

void command_story_clear(command_story *story) {
  g_clear_pointer(&story->document, aft_document_free);
  json_decref(story->root);
  aft_words_clear(&story->words);
}

void command_story_entitle(command_story *story, const char *title) {
  const json_t *program = json_object_get(story->root, "program");
  g_autofree char *generator =
      g_strdup_printf("%s %s", chart_json_text(program, "name"), chart_json_text(program, "version"));
  story->document = aft_document_new(title, generator);
}

void command_story_begin(command_story *story, const char *title) {
  g_autofree char *whole =
      g_strdup_printf("%s: %s", title, chart_json_text(json_object_get(story->root, "study"), "title"));
  command_story_entitle(story, whole);
}

void command_story_tell_warnings(command_story *story) {
  const json_t *warnings = json_object_get(story->root, "warnings"), *item;
  size_t i;
  if (json_array_size(warnings) == 0) return;
  aft_line_say(aft_document_add_paragraph(story->document), "The run gave %s:",
               aft_words_noun(&story->words, (double)json_array_size(warnings), "warning", "warnings"));
  aft_block *list = aft_document_add_list(story->document);
  json_array_foreach(warnings, i, item) if (json_is_string(item))
      aft_line_say(aft_block_add_item(list), "%s", json_string_value(item));
}

void command_story_end(command_story *story, const char *command) {
  command_story_tell_warnings(story);
  aft_line_say(aft_document_add_paragraph(story->document),
               "The same command gives the same bytes, with any number of threads:");
  const char *path = chart_json_text(json_object_get(story->root, "study_file"), "path");
  aft_line_say(aft_block_add_item(aft_document_add_commands(story->document)), "aftershock %s %s", command,
               aft_words_shell(&story->words, path));
}

bool command_story_write(command_story *story, const char *name, GError **error) {
  g_autoptr(GString) markdown = g_string_new(NULL), html = g_string_new(NULL);
  g_autofree char *md_path = g_strdup_printf("%s/%s.md", story->folder, name);
  g_autofree char *html_path = g_strdup_printf("%s/%s.html", story->folder, name);
  aft_markdown_print(story->document, markdown);
  bool ok = aft_html_print(story->document, story->folder, html, error) &&
            aft_file_write(md_path, markdown->str, markdown->len, error) &&
            aft_file_write(html_path, html->str, html->len, error);
  g_clear_pointer(&story->document, aft_document_free);
  return ok;
}
