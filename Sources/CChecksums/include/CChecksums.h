#ifndef SWIFTLET_CCHECKSUMS_H
#define SWIFTLET_CCHECKSUMS_H

#include <stddef.h>
#include <stdint.h>

/// Whether this processor has an instruction for CRC-32C.
int swiftlet_has_crc32c_instruction(void);

/// Continues the CRC-32C register `crc` over `count` bytes with the processor's instruction.
/// Call only where swiftlet_has_crc32c_instruction() is not zero.
uint32_t swiftlet_crc32c(uint32_t crc, const uint8_t *bytes, size_t count);

#endif
