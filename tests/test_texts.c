/* base/texts: copies and buffers live as long as anybody holds them. */
#include <aftershock/base/texts.h>

#include <string.h>

#include <aftershock/base/banned.h>

static void test_life(void) {
  aft_texts *texts = aft_texts_new(), *second = aft_texts_ref(texts);
  char *buffer = g_strdup("in a buffer"), changing[] = "copied";
  const char *copy = aft_texts_add(texts, changing), *nothing = aft_texts_add(texts, "");
  aft_texts_take(texts, buffer);
  changing[0] = 'x';
  aft_texts_unref(texts);
  g_assert_cmpstr(copy, ==, "copied");
  g_assert_cmpstr(buffer, ==, "in a buffer");
  g_assert_cmpstr(nothing, ==, "");
  for (int i = 0; i < 100000; i++) g_assert_cmpuint(strlen(aft_texts_add(second, "a text of some length")), ==, 21);
  g_assert_cmpstr(copy, ==, "copied");
  aft_texts_unref(second);
  aft_texts_unref(NULL);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/texts/life", test_life);
  return g_test_run();
}
