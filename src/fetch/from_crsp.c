/* CRSP's daily file as the web form exports it. Nothing is asked. */
#include "crsp.h"
#include "provider.h"

#include <aftershock/base/file.h>

#include <aftershock/base/banned.h>

enum { MAX_FILE_BYTES = 1 << 30 };

static bool run(fetch_session *session, GError **error) {
  const char *path = session->query->input;
  g_autofree char *text = NULL;
  fetch_crsp_counts counts;
  size_t size;
  fetch_crsp_counts_init(&counts);
  if (!aft_file_read(path, MAX_FILE_BYTES, &text, &size, error) ||
      !fetch_crsp_read(session, path, text, size, NULL, &counts, error))
    return false;
  fetch_crsp_warn(session, path, &counts);
  fetch_note_file(session, text, size);
  return true;
}

const aft_provider fetch_crsp = {
    .facts =
        {.name = "crsp",
         .title = "CRSP daily stock file, an export that you made",
         .kind = AFT_FETCH_PRICES,
         .gives =
             "returns, for a study's returns_files: of PERMNO, date and RET (or DlyRet); --symbols chooses among them",
         .asks = "--input",
         .terms = "for subscribers; not to be passed on",
         .meaning = "total returns; of the old format (RET) with the delisting return where the file has DLRET",
         .base = ""},
    .run = run};
