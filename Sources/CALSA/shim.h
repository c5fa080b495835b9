#ifndef SWIFTLET_CALSA_H
#define SWIFTLET_CALSA_H

#include <alsa/asoundlib.h>

#endif
