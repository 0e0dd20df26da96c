/* SHA-256 by GLib, or by libcrypto where there is much of it. */
#include <aftershock/base/digest.h>

#ifdef AFT_HAVE_CRYPTO
#include <openssl/evp.h>
#endif

#include <aftershock/base/banned.h>

struct aft_digest {
  GChecksum *checksum; /* NULL: the context does it */
#ifdef AFT_HAVE_CRYPTO
  EVP_MD_CTX *context;
#endif
};

#ifdef AFT_HAVE_CRYPTO
/* False when the library cannot: then GLib does it. */
static bool start_context(aft_digest *digest) {
  digest->context = EVP_MD_CTX_new();
  if (digest->context != NULL && EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) == 1) return true;
  EVP_MD_CTX_free(digest->context);
  digest->context = NULL;
  return false;
}

/* Updates of memory do not fail, and a digest that is not finished would be empty: no other file has that one. */
static void add_context(aft_digest *digest, const void *bytes, size_t size) {
  (void)EVP_DigestUpdate(digest->context, bytes, size);
}

static char *finish_context(aft_digest *digest) {
  unsigned char value[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  GString *text = g_string_new(NULL);
  if (EVP_DigestFinal_ex(digest->context, value, &length) != 1) length = 0;
  for (unsigned i = 0; i < length; i++) g_string_append_printf(text, "%02x", value[i]);
  return g_string_free(text, FALSE);
}
#endif

aft_digest *aft_digest_new(bool is_large) {
  aft_digest *digest = g_new0(aft_digest, 1);
#ifdef AFT_HAVE_CRYPTO
  if (is_large && start_context(digest)) return digest;
#else
  (void)is_large;
#endif
  digest->checksum = g_checksum_new(G_CHECKSUM_SHA256);
  return digest;
}

void aft_digest_add(aft_digest *digest, const void *bytes, size_t size) {
  if (digest->checksum != NULL) g_checksum_update(digest->checksum, bytes, (gssize)size);
#ifdef AFT_HAVE_CRYPTO
  else
    add_context(digest, bytes, size);
#endif
}

char *aft_digest_finish(aft_digest *digest) {
  char *text = NULL;
  if (digest->checksum != NULL) text = g_strdup(g_checksum_get_string(digest->checksum));
#ifdef AFT_HAVE_CRYPTO
  else
    text = finish_context(digest);
#endif
  aft_digest_free(digest);
  return text;
}

void aft_digest_free(aft_digest *digest) {
  if (digest == NULL) return;
  if (digest->checksum != NULL) g_checksum_free(digest->checksum);
#ifdef AFT_HAVE_CRYPTO
  EVP_MD_CTX_free(digest->context);
#endif
  g_free(digest);
}
