/* First titles of stories, found again by likeness. */
#ifndef MARKET_STORY_TITLES_H
#define MARKET_STORY_TITLES_H

#include <aftershock/market/stories.h>

typedef struct title_index title_index;

/* Knows the words of every article's title; articles are called by their place in it. Owned. */
title_index *title_index_new(const aft_articles *articles, double threshold, aft_millis window);
void title_index_free(title_index *index);
/* Adds the title of a story's first article. Stories are numbered by first appearance and added in order of time. */
void title_index_add(title_index *index, size_t story, size_t article, aft_millis clock);
/* The story whose title is most like that of article and that began inside the window before clock; -1 when none is like enough. */
long title_index_find(title_index *index, size_t article, aft_millis clock, double *similarity);
size_t title_index_n_compared(const title_index *index);

#endif
