#ifndef SWIFTLET_CSRTP_H
#define SWIFTLET_CSRTP_H

#include <srtp2/srtp.h>
#include <strings.h>

// Overwrites secrets in a way that the optimiser must not remove.
static inline void swiftlet_wipe(void *bytes, size_t count) {
    bzero(bytes, count);
    __asm__ __volatile__("" : : "r"(bytes) : "memory");
}

#endif
