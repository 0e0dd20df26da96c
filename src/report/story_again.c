/* Section "How to make it again": commands, versions, seed. */
#include "story.h"

#include <math.h>

#include <aftershock/base/banned.h>

static void add_commands(aft_story *story) {
  const aft_facts *facts = story->facts;
  aft_words *words = &story->words;
  const char *study = facts->study_file.path[0] == '\0' ? "STUDY.json" : facts->study_file.path;
  aft_block *commands = aft_document_add_commands(story->document);
  aft_line_say(aft_block_add_item(commands), "aftershock run %s --out DIR   # the whole study",
               aft_words_shell(words, study));
  aft_line_say(aft_block_add_item(commands),
               "aftershock report DIR   # tables, charts and this report, from the folder alone");
  aft_line_say(aft_block_add_item(commands), "scripts/reproduce DIR   # runs it again and compares every byte "
                                             "(installed: aftershock-reproduce DIR)");
}

void aft_story_tell_again(aft_story *story) {
  const aft_facts *facts = story->facts;
  aft_words *words = &story->words;
  aft_document_add_heading(story->document, "again", "How to make it again");
  aft_line_say(aft_document_add_paragraph(story->document),
               "DIR is the folder that holds this report and the numbers behind "
               "it.");
  add_commands(story);
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Made by %s%s%s", facts->program, facts->version[0] == '\0' ? "" : " ", facts->version);
  if (facts->started[0] != '\0') aft_line_say(line, ", run of %s", aft_words_time(words, facts->started));
  g_autoptr(GPtrArray) versions = g_ptr_array_new();
  for (guint i = 0; i < facts->versions->len; i++) {
    const aft_fact_version *version = &g_array_index(facts->versions, aft_fact_version, i);
    g_ptr_array_add(versions, (gpointer)(guintptr)aft_words_format(words, "%s %s", version->name, version->version));
  }
  if (versions->len > 0) aft_line_say(line, ", with %s", aft_words_join(words, versions, 12));
  aft_line_say(line, ".");
  if (!isnan(facts->seed) && !isnan(facts->replicates))
    aft_line_say(line, " Random draws: seed %s, %s.", aft_words_degrees(words, facts->seed),
                 aft_words_noun(words, facts->replicates, "replicate", "replicates"));
  aft_line_say(line,
               " The same inputs (see the digests above), study and seed give the same bytes, whatever the number of "
               "threads, but for the recorded time of the run, which ");
  aft_line_code(line, "SOURCE_DATE_EPOCH");
  aft_line_say(line, " fixes.");
}
