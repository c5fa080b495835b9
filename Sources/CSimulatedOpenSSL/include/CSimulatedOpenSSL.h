#ifndef SWIFTLET_CSIMULATEDOPENSSL_H
#define SWIFTLET_CSIMULATEDOPENSSL_H

#include <stdint.h>

// What one thread simulates. Saved and put back by the caller, so simulations nest.
typedef struct {
    int32_t is_active;
    int64_t nanoseconds;
    uint64_t generator;
} swiftlet_simulation;

// What the calling thread simulates now.
swiftlet_simulation swiftlet_simulation_current(void);

// From here on OpenSSL's clock and randomness follow `simulation` on the calling thread. The first
// call installs the RAND_METHOD; threads without a simulation keep the real generator.
void swiftlet_simulation_set(swiftlet_simulation simulation);

// Moves the calling thread's simulated clock.
void swiftlet_simulation_set_time(int64_t nanoseconds);

#endif
