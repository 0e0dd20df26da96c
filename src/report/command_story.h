/* What the documents of commands with a folder of their own share. */
#ifndef REPORT_COMMAND_STORY_H
#define REPORT_COMMAND_STORY_H

#include "chart.h"
#include "document.h"
#include "story_words.h"

typedef struct command_story {
  const char *folder;
  json_t *root; /* the folder's JSON file; owned */
  aft_words words;
  aft_document *document; /* between begin and write */
} command_story;

/* Reads folder/file as root. Fails with AFT_REPORT_ERROR_FOLDER. words are the caller's to init, clear takes them. */
bool command_story_read(command_story *story, const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void command_story_clear(command_story *story);

/* A document with that title; with "TITLE: the study's title". */
void command_story_entitle(command_story *story, const char *title);
void command_story_begin(command_story *story, const char *title);
/* The warnings of the run, if any; those, and the command that makes the same bytes. */
void command_story_tell_warnings(command_story *story);
void command_story_end(command_story *story, const char *command);
/* Writes folder/name.md and folder/name.html and frees the document. */
bool command_story_write(command_story *story, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
