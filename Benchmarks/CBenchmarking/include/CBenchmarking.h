#ifndef SWIFTLET_CBENCHMARKING_H
#define SWIFTLET_CBENCHMARKING_H

#include <stdint.h>

/// How often this thread has asked for memory so far, or -1 where that is not counted.
int64_t benchmark_allocations(void);

/// How long this thread has computed so far, in nanoseconds: time others take away is not in it.
int64_t benchmark_thread_time(void);

/// Runs `count` multiplications that wait for each other: a yardstick for the machine's speed.
uint64_t benchmark_multiply(uint64_t count);

/// Gives the memory that malloc only keeps back to the system.
void benchmark_trim_memory(void);

/// How many bytes malloc has given out and not got back, all threads together.
int64_t benchmark_used_memory(void);

/// Returns `value`, and lets the optimiser know nothing about it or about memory.
static inline int64_t benchmark_hide(int64_t value) {
    __asm__ volatile("" : "+r"(value) : : "memory");
    return value;
}

/// Uses `value`, so that the work that made it is not removed.
static inline void benchmark_use(int64_t value) { __asm__ volatile("" : : "r"(value) : "memory"); }

#endif
