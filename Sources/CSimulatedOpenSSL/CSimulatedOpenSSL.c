// OpenSSL keeps DTLS retransmission time with gettimeofday and draws its own randomness. A program
// that links this file gets both from the simulation that runs on the thread, if one does.

#define _GNU_SOURCE
#define OPENSSL_SUPPRESS_DEPRECATED
#include "CSimulatedOpenSSL.h"

#include <dlfcn.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static __thread swiftlet_simulation simulation;

// 2026-01-01T00:00:00Z: simulations start at a date, because OpenSSL takes 0 for "no timer".
static const int64_t epoch_seconds = 1767225600;

// MARK: - Clock

// libssl's calls bind to this definition before the C library's.
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    if (simulation.is_active) {
        now->tv_sec = (time_t)(epoch_seconds + simulation.nanoseconds / 1000000000);
        now->tv_usec = (suseconds_t)(simulation.nanoseconds % 1000000000 / 1000);
        return 0;
    }
    struct timespec real;
    int result = clock_gettime(CLOCK_REALTIME, &real);
    now->tv_sec = real.tv_sec;
    now->tv_usec = (suseconds_t)(real.tv_nsec / 1000);
    return result;
}

// MARK: - Randomness

// SplitMix64: reproducible, and never meant to be secret.
static uint64_t next_bits(void) {
    uint64_t bits = (simulation.generator += 0x9E3779B97F4A7C15u);
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    return bits ^ (bits >> 31);
}

static int random_bytes(unsigned char *bytes, int count) {
    if (!simulation.is_active) { return RAND_OpenSSL()->bytes(bytes, count); }
    while (count > 0) {
        uint64_t bits = next_bits();
        int part = count < 8 ? count : 8;
        memcpy(bytes, &bits, (size_t)part);
        bytes += part;
        count -= part;
    }
    return 1;
}

static int add_seed(const void *bytes, int count) {
    return simulation.is_active ? 1 : RAND_OpenSSL()->seed(bytes, count);
}

static int add_entropy(const void *bytes, int count, double entropy) {
    return simulation.is_active ? 1 : RAND_OpenSSL()->add(bytes, count, entropy);
}

static int status(void) { return simulation.is_active ? 1 : RAND_OpenSSL()->status(); }

static const RAND_METHOD method = {add_seed, random_bytes, NULL, add_entropy, random_bytes, status};

static void install(void) { RAND_set_rand_method(&method); }

// A context is made once a process and draws keys for tickets that nobody uses. Drawn from the
// simulation, they would make the first run of a seed differ from the second. Both functions are
// there: which of them a program calls depends on whether it has a library context of its own.
SSL_CTX *SSL_CTX_new_ex(OSSL_LIB_CTX *library, const char *properties, const SSL_METHOD *protocol) {
    typedef SSL_CTX *(*maker)(OSSL_LIB_CTX *, const char *, const SSL_METHOD *);
    maker make = (maker)dlsym(RTLD_NEXT, "SSL_CTX_new_ex");
    if (!make) { return NULL; }
    int32_t was_active = simulation.is_active;
    simulation.is_active = 0;
    SSL_CTX *context = make(library, properties, protocol);
    simulation.is_active = was_active;
    return context;
}

SSL_CTX *SSL_CTX_new(const SSL_METHOD *protocol) { return SSL_CTX_new_ex(NULL, NULL, protocol); }

// MARK: - Control

swiftlet_simulation swiftlet_simulation_current(void) { return simulation; }

void swiftlet_simulation_set(swiftlet_simulation next) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    simulation = next;
}

void swiftlet_simulation_set_time(int64_t nanoseconds) { simulation.nanoseconds = nanoseconds; }
