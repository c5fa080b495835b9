#include "CChecksums.h"

#include <string.h>

#if defined(__x86_64__)

#include <nmmintrin.h>

int swiftlet_has_crc32c_instruction(void) { return __builtin_cpu_supports("sse4.2"); }

__attribute__((target("sse4.2")))
uint32_t swiftlet_crc32c(uint32_t crc, const uint8_t *bytes, size_t count) {
    uint64_t state = crc;
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        state = _mm_crc32_u64(state, word);
    }
    for (; count > 0; bytes += 1, count -= 1) {
        state = _mm_crc32_u8((uint32_t)state, *bytes);
    }
    return (uint32_t)state;
}

#elif defined(__aarch64__)

#include <arm_acle.h>
#include <sys/auxv.h>

#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif

int swiftlet_has_crc32c_instruction(void) { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }

__attribute__((target("crc")))
uint32_t swiftlet_crc32c(uint32_t crc, const uint8_t *bytes, size_t count) {
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        crc = __crc32cd(crc, word);
    }
    for (; count > 0; bytes += 1, count -= 1) {
        crc = __crc32cb(crc, *bytes);
    }
    return crc;
}

#else

int swiftlet_has_crc32c_instruction(void) { return 0; }

uint32_t swiftlet_crc32c(uint32_t crc, const uint8_t *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return crc;
}

#endif
