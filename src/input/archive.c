/* The one file in a zip archive, by libzip. */
#include <aftershock/input/archive.h>

#include <aftershock/input/error.h>

#include <zip.h>

#include <aftershock/base/banned.h>

enum { BLOCK_BYTES = 1 << 16 };

static bool fail(const char *name, int code, const char *words, GError **error) {
  g_set_error(error, AFT_INPUT_ERROR, code, "%s: %s", name, words);
  return false;
}

static bool fail_zip(const char *name, zip_error_t *problem, GError **error) {
  g_autofree char *words = g_strdup_printf("not a good zip archive: %s", zip_error_strerror(problem));
  return fail(name, AFT_INPUT_ERROR_VALUE, words, error);
}

/* Reads to the end, where libzip compares the checksum. The size that the archive states is not trusted. */
static bool read_member(const char *name, zip_t *archive, size_t max_bytes, char **text, size_t *size, GError **error) {
  zip_file_t *member = zip_fopen_index(archive, 0, 0);
  if (member == NULL) return fail_zip(name, zip_get_error(archive), error);
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  g_autofree guint8 *block = g_malloc(BLOCK_BYTES);
  zip_int64_t got;
  while ((got = zip_fread(member, block, BLOCK_BYTES)) > 0 && bytes->len + (size_t)got <= MIN(max_bytes, G_MAXUINT - 1))
    g_byte_array_append(bytes, block, (guint)got);
  bool ok = got == 0;
  if (got < 0) fail_zip(name, zip_file_get_error(member), error);
  if (got > 0) fail(name, AFT_INPUT_ERROR_LIMIT, "what is in it is too large", error);
  zip_fclose(member);
  if (!ok) return false;
  *size = bytes->len;
  g_byte_array_append(bytes, (const guint8 *)"", 1);
  *text = (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
  return true;
}

bool aft_archive_read_only(const char *name, const char *bytes, size_t n_bytes, size_t max_bytes, char **text,
                           size_t *size, GError **error) {
  zip_error_t problem;
  zip_error_init(&problem);
  zip_source_t *source = zip_source_buffer_create(bytes, n_bytes, 0, &problem);
  zip_t *archive = source != NULL ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &problem) : NULL;
  bool ok;
  if (archive == NULL) {
    ok = fail_zip(name, &problem, error);
    if (source != NULL) zip_source_free(source);
  } else if (zip_get_num_entries(archive, 0) != 1) {
    ok = fail(name, AFT_INPUT_ERROR_VALUE, "the archive does not hold exactly one file", error);
  } else {
    ok = read_member(name, archive, max_bytes, text, size, error);
  }
  if (archive != NULL) zip_discard(archive);
  zip_error_fini(&problem);
  return ok;
}
