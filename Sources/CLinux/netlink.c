// What the kernel says about interfaces and their addresses (rtnetlink).
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CLinux.h"

int swiftlet_netlink_open(void) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (descriptor < 0) return -errno;
    struct sockaddr_nl name;
    memset(&name, 0, sizeof name);
    name.nl_family = AF_NETLINK;
    name.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (bind(descriptor, (struct sockaddr *)&name, sizeof name) == 0) return descriptor;
    int error = errno;
    close(descriptor);
    return -error;
}

int swiftlet_netlink_request(int descriptor, int addresses, uint32_t sequence) {
    struct {
        struct nlmsghdr header;
        struct rtgenmsg body;
    } request;
    memset(&request, 0, sizeof request);
    request.header.nlmsg_len = NLMSG_LENGTH(sizeof request.body);
    request.header.nlmsg_type = addresses ? RTM_GETADDR : RTM_GETLINK;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.header.nlmsg_seq = sequence;
    request.body.rtgen_family = AF_UNSPEC;
    struct sockaddr_nl kernel;
    memset(&kernel, 0, sizeof kernel);
    kernel.nl_family = AF_NETLINK;
    ssize_t sent = sendto(descriptor, &request, request.header.nlmsg_len, 0,
                          (struct sockaddr *)&kernel, sizeof kernel);
    return sent >= 0 ? 0 : -errno;
}

int64_t swiftlet_netlink_receive(int descriptor, uint8_t *bytes, size_t capacity) {
    for (;;) {
        struct sockaddr_nl source;
        memset(&source, 0, sizeof source);
        struct iovec vector = {bytes, capacity};
        struct msghdr message;
        memset(&message, 0, sizeof message);
        message.msg_name = &source;
        message.msg_namelen = sizeof source;
        message.msg_iov = &vector;
        message.msg_iovlen = 1;
        ssize_t count = recvmsg(descriptor, &message, MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        // Any program may write to the socket; only the kernel is believed.
        if (source.nl_pid != 0) continue;
        // What was cut off is lost, as when the socket's memory had run out.
        return message.msg_flags & MSG_TRUNC ? -ENOBUFS : count;
    }
}
