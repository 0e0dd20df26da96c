/* Processes that mpirun started together: ranks that send bytes to the first one. Without MPI there is one. */
#include <aftershock/base/cluster.h>

#include <aftershock/base/error.h>

#ifdef AFT_WITH_MPI
#include <mpi.h>
#endif

#include <aftershock/base/banned.h>

static unsigned read_variable(const char *name, unsigned otherwise) {
  const char *text = g_getenv(name);
  guint64 value;
  bool known = text != NULL && g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT, &value, NULL);
  return known ? (unsigned)value : otherwise;
}

unsigned aft_cluster_started_size(void) { return MAX(read_variable("OMPI_COMM_WORLD_SIZE", 1), 1); }
unsigned aft_cluster_started_rank(void) { return read_variable("OMPI_COMM_WORLD_RANK", 0); }

#ifdef AFT_WITH_MPI

enum {
  MOST_BYTES = 1 << 30, /* of one message, whose length is an int */
  DATA_TAG = 0,
  LEAVE_TAG = 1,
  END_TAG = 2,
  EAGER_POLLS = 200, /* before the wait becomes longer */
  SHORT_WAIT_US = 50,
  LONG_WAIT_US = 2000
};

static bool check(int code, const char *what, GError **error) {
  char text[MPI_MAX_ERROR_STRING];
  int length;
  if (code == MPI_SUCCESS) return true;
  if (MPI_Error_string(code, text, &length) != MPI_SUCCESS) length = 0;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_PROCESS, "MPI: %s: %.*s", what, length, text);
  return false;
}

/* A wait that leaves the processor to those who have work. */
static bool wait_for(MPI_Request *request, MPI_Status *status, const char *what, GError **error) {
  int done = 0;
  for (int polls = 0;; polls++) {
    if (!check(MPI_Test(request, &done, status), what, error)) return false;
    if (done) return true;
    g_usleep(polls < EAGER_POLLS ? SHORT_WAIT_US : LONG_WAIT_US);
  }
}

bool aft_cluster_join(aft_cluster *cluster, GError **error) {
  int provided, rank, size;
  *cluster = (aft_cluster){.size = 1};
  /* A process that is started alone needs no MPI, which would take a while to start. */
  bool started =
      g_getenv("OMPI_COMM_WORLD_SIZE") != NULL || g_getenv("PMIX_RANK") != NULL || g_getenv("PMI_RANK") != NULL;
  if (!started) return true;
  if (!check(MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided), "start", error)) return false;
  if (!check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "start", error) ||
      !check(MPI_Comm_rank(MPI_COMM_WORLD, &rank), "start", error) ||
      !check(MPI_Comm_size(MPI_COMM_WORLD, &size), "start", error))
    return false;
  *cluster = (aft_cluster){.rank = (unsigned)rank, .size = (unsigned)size, .joined = true};
  return true;
}

bool aft_cluster_send(const aft_cluster *cluster, const void *bytes, size_t size, GError **error) {
  const char *at = bytes;
  g_assert(cluster->joined && cluster->rank > 0);
  while (size > 0) {
    MPI_Request request;
    MPI_Status status;
    int n = (int)MIN(size, (size_t)MOST_BYTES);
    if (!check(MPI_Isend(at, n, MPI_BYTE, 0, DATA_TAG, MPI_COMM_WORLD, &request), "send", error) ||
        !wait_for(&request, &status, "send", error))
      return false;
    at += n;
    size -= (size_t)n;
  }
  return true;
}

bool aft_cluster_receive(const aft_cluster *cluster, unsigned from, void *bytes, size_t size, GError **error) {
  char *at = bytes;
  g_assert(cluster->joined && cluster->rank == 0 && from > 0 && from < cluster->size);
  while (size > 0) {
    MPI_Request request;
    MPI_Status status;
    int n = (int)MIN(size, (size_t)MOST_BYTES), got;
    if (!check(MPI_Irecv(at, n, MPI_BYTE, (int)from, DATA_TAG, MPI_COMM_WORLD, &request), "receive", error) ||
        !wait_for(&request, &status, "receive", error) ||
        !check(MPI_Get_count(&status, MPI_BYTE, &got), "receive", error))
      return false;
    if (got != n) {
      g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_PROCESS, "rank %u sent %d bytes where %d were to come", from,
                  got, n);
      return false;
    }
    at += n;
    size -= (size_t)n;
  }
  return true;
}

/* The first rank tells the others, which wait without keeping their processors busy, as MPI_Finalize would. */
bool aft_cluster_leave(aft_cluster *cluster, GError **error) {
  char word = 0;
  MPI_Request request;
  MPI_Status status;
  if (!cluster->joined) return true;
  for (unsigned rank = 1; cluster->rank == 0 && rank < cluster->size; rank++)
    if (!check(MPI_Send(&word, 1, MPI_CHAR, (int)rank, LEAVE_TAG, MPI_COMM_WORLD), "leave", error)) return false;
  if (cluster->rank > 0 &&
      (!check(MPI_Irecv(&word, 1, MPI_CHAR, 0, LEAVE_TAG, MPI_COMM_WORLD, &request), "leave", error) ||
       !wait_for(&request, &status, "leave", error)))
    return false;
  if (!check(MPI_Finalize(), "leave", error)) return false;
  cluster->joined = false;
  return true;
}

char *aft_cluster_name(const aft_cluster *cluster) {
  char host[MPI_MAX_PROCESSOR_NAME + 1];
  int length = 0;
  if (!cluster->joined) return NULL;
  if (MPI_Get_processor_name(host, &length) != MPI_SUCCESS) length = 0;
  return g_strdup_printf("rank %u on %.*s", cluster->rank, length, host);
}

bool aft_cluster_is_ending(const aft_cluster *cluster, int wait_ms) {
  int told = 0;
  if (!cluster->joined || cluster->rank == 0) return false;
  for (int ms = 0; !told && ms < wait_ms; ms += LONG_WAIT_US / 1000) {
    if (MPI_Iprobe(0, END_TAG, MPI_COMM_WORLD, &told, MPI_STATUS_IGNORE) != MPI_SUCCESS) return false;
    if (!told) g_usleep(LONG_WAIT_US);
  }
  return told;
}

/* The first rank tells the others before, which then have nothing to say. */
void aft_cluster_abort(const aft_cluster *cluster, int status) {
  char word = 0;
  if (!cluster->joined) return;
  for (unsigned rank = 1; cluster->rank == 0 && rank < cluster->size; rank++)
    if (MPI_Send(&word, 1, MPI_CHAR, (int)rank, END_TAG, MPI_COMM_WORLD) != MPI_SUCCESS) break;
  MPI_Abort(MPI_COMM_WORLD, status);
}

#else

bool aft_cluster_join(aft_cluster *cluster, GError **error) {
  *cluster = (aft_cluster){.size = 1};
  if (aft_cluster_started_size() == 1) return true;
  g_set_error_literal(
      error, AFT_BASE_ERROR, AFT_BASE_ERROR_PROCESS,
      "mpirun started several processes of a program that was built without MPI (build it with make MPI=1)");
  return false;
}

bool aft_cluster_send(const aft_cluster *cluster, const void *bytes, size_t size, GError **error) {
  (void)cluster, (void)bytes, (void)size, (void)error;
  g_assert_not_reached();
}

bool aft_cluster_receive(const aft_cluster *cluster, unsigned from, void *bytes, size_t size, GError **error) {
  (void)cluster, (void)from, (void)bytes, (void)size, (void)error;
  g_assert_not_reached();
}

bool aft_cluster_leave(aft_cluster *cluster, GError **error) {
  (void)cluster, (void)error;
  return true;
}

char *aft_cluster_name(const aft_cluster *cluster) {
  (void)cluster;
  return NULL;
}

bool aft_cluster_is_ending(const aft_cluster *cluster, int wait_ms) {
  (void)cluster, (void)wait_ms;
  return false;
}

void aft_cluster_abort(const aft_cluster *cluster, int status) { (void)cluster, (void)status; }

#endif
