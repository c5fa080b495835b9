#ifndef SWIFTLET_CSRTP_H
#define SWIFTLET_CSRTP_H

#include <srtp2/srtp.h>

#endif
