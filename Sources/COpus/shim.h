#ifndef SWIFTLET_COPUS_H
#define SWIFTLET_COPUS_H

#include <opus.h>

#endif
