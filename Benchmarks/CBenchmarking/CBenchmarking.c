#include "CBenchmarking.h"

#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <time.h>

// A program's own malloc takes precedence over the C library's, in shared libraries too. So each
// request is counted here and handed on. Not with a sanitizer, which brings a malloc of its own.
#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local int64_t allocations;

void *malloc(size_t size) {
    allocations += 1;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    allocations += 1;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    allocations += 1;
    return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    allocations += 1;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    allocations += 1;
    void *fresh = __libc_memalign(alignment, size);
    if (fresh == NULL) return ENOMEM;
    *memory = fresh;
    return 0;
}

int64_t benchmark_allocations(void) { return allocations; }

#else

int64_t benchmark_allocations(void) { return -1; }

#endif

int64_t benchmark_thread_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

uint64_t benchmark_multiply(uint64_t count) {
    uint64_t state = count | 1;
    for (; count > 0; count -= 1) {
        state = state * 0x9E3779B97F4A7C15u + 1;
        __asm__ volatile("" : "+r"(state));
    }
    return state;
}

void benchmark_trim_memory(void) { malloc_trim(0); }

int64_t benchmark_used_memory(void) {
    struct mallinfo2 info = mallinfo2();
    return (int64_t)(info.uordblks + info.hblkhd);
}
