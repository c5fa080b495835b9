// Sockets that belong to a multicast group on one interface.
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <sys/socket.h>

#include "CLinux.h"
#include "addresses.h"

#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29
#endif

static int set(int descriptor, int level, int name, int value) {
    return setsockopt(descriptor, level, name, &value, sizeof value) == 0 ? 0 : -errno;
}

int swiftlet_share_port(int descriptor) {
    int result = set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
    return result < 0 ? result : set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
}

static int join4(int descriptor, const struct swiftlet_address *group, uint32_t interface) {
    struct ip_mreqn request;
    memset(&request, 0, sizeof request);
    request.imr_multiaddr.s_addr = htonl((uint32_t)group->low);
    request.imr_ifindex = (int)interface;
    if (setsockopt(descriptor, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) != 0 ||
        setsockopt(descriptor, IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof request) != 0) {
        return -errno;
    }
    // Without it the kernel hands over what came on other programs' interfaces.
    int result = set(descriptor, IPPROTO_IP, IP_MULTICAST_ALL, 0);
    if (result == 0) result = set(descriptor, IPPROTO_IP, IP_MULTICAST_LOOP, 1);
    if (result == 0) result = set(descriptor, IPPROTO_IP, IP_MULTICAST_TTL, 255);
    return result < 0 ? result : set(descriptor, IPPROTO_IP, IP_TTL, 255);
}

static int join6(int descriptor, const struct swiftlet_address *group, uint32_t interface) {
    struct ipv6_mreq request;
    union swiftlet_sockaddr name;
    memset(&request, 0, sizeof request);
    swiftlet_to_sockaddr(group, &name);
    request.ipv6mr_multiaddr = name.v6.sin6_addr;
    request.ipv6mr_interface = interface;
    if (setsockopt(descriptor, IPPROTO_IPV6, IPV6_JOIN_GROUP, &request, sizeof request) != 0) {
        return -errno;
    }
    int result = set(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_IF, (int)interface);
    // Kernels before 4.20 do not know it; binding to the interface's scope does the same there.
    set(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
    if (result == 0) result = set(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 1);
    if (result == 0) result = set(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 255);
    return result < 0 ? result : set(descriptor, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 255);
}

int swiftlet_join_group(
    int descriptor, const struct swiftlet_address *group, uint32_t interface) {
    return group->family == 4 ? join4(descriptor, group, interface)
                              : join6(descriptor, group, interface);
}
