#ifndef SWIFTLET_CALSA_H
#define SWIFTLET_CALSA_H

#include <alsa/asoundlib.h>

/* ALSA writes its troubles to stderr; ours become typed errors. The handler is variadic, which Swift
   cannot write. */
static void calsa_ignore(const char *file, int line, const char *function, int code,
                         const char *format, ...) {
    (void)file; (void)line; (void)function; (void)code; (void)format;
}

static inline void calsa_be_silent(void) {
    snd_lib_error_set_handler(calsa_ignore);
}

#endif
