// Addresses between the kernel's layout and ours.
#ifndef SWIFTLET_ADDRESSES_H
#define SWIFTLET_ADDRESSES_H

#include <arpa/inet.h>
#include <endian.h>
#include <netinet/in.h>
#include <string.h>

#include "CLinux.h"

union swiftlet_sockaddr {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static inline void swiftlet_from_sockaddr(
    const union swiftlet_sockaddr *from, struct swiftlet_address *to) {
    memset(to, 0, sizeof *to);
    if (from->any.sa_family == AF_INET) {
        to->family = 4;
        to->port = ntohs(from->v4.sin_port);
        to->low = ntohl(from->v4.sin_addr.s_addr);
    } else if (from->any.sa_family == AF_INET6) {
        uint64_t halves[2];
        memcpy(halves, &from->v6.sin6_addr, sizeof halves);
        to->family = 6;
        to->port = ntohs(from->v6.sin6_port);
        to->high = be64toh(halves[0]);
        to->low = be64toh(halves[1]);
        to->scope = from->v6.sin6_scope_id;
    }
}

// Returns the length of the address.
static inline socklen_t swiftlet_to_sockaddr(
    const struct swiftlet_address *from, union swiftlet_sockaddr *to) {
    if (from->family == 4) {
        memset(&to->v4, 0, sizeof to->v4);
        to->v4.sin_family = AF_INET;
        to->v4.sin_port = htons(from->port);
        to->v4.sin_addr.s_addr = htonl((uint32_t)from->low);
        return sizeof to->v4;
    }
    uint64_t halves[2] = {htobe64(from->high), htobe64(from->low)};
    memset(&to->v6, 0, sizeof to->v6);
    to->v6.sin6_family = AF_INET6;
    to->v6.sin6_port = htons(from->port);
    memcpy(&to->v6.sin6_addr, halves, sizeof halves);
    to->v6.sin6_scope_id = from->scope;
    return sizeof to->v6;
}

#endif
