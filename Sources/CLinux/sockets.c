// Sockets: datagrams in batches, and streams.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CLinux.h"
#include "addresses.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

static int result_of(int result) { return result >= 0 ? result : -errno; }

static int set_option(int descriptor, int level, int name, int value) {
    return result_of(setsockopt(descriptor, level, name, &value, sizeof value));
}

int swiftlet_socket(int family, int kind) {
    int domain = family == 4 ? AF_INET : AF_INET6;
    int type = kind == SWIFTLET_STREAM ? SOCK_STREAM : SOCK_DGRAM;
    int descriptor = socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -errno;
    if (family == 6) set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    return descriptor;
}

int swiftlet_bind(int descriptor, const struct swiftlet_address *address) {
    union swiftlet_sockaddr name;
    socklen_t length = swiftlet_to_sockaddr(address, &name);
    return result_of(bind(descriptor, &name.any, length));
}

int swiftlet_choose_port_late(int descriptor) {
    return set_option(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
}

int swiftlet_local_address(int descriptor, struct swiftlet_address *address) {
    union swiftlet_sockaddr name;
    socklen_t length = sizeof name;
    if (getsockname(descriptor, &name.any, &length) != 0) return -errno;
    swiftlet_from_sockaddr(&name, address);
    return 0;
}

int swiftlet_remote_address(int descriptor, struct swiftlet_address *address) {
    union swiftlet_sockaddr name;
    socklen_t length = sizeof name;
    if (getpeername(descriptor, &name.any, &length) != 0) return -errno;
    swiftlet_from_sockaddr(&name, address);
    return 0;
}

int swiftlet_reuse_address(int descriptor) {
    return set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
}

int swiftlet_set_buffer_sizes(int descriptor, int receive, int send) {
    int result = set_option(descriptor, SOL_SOCKET, SO_RCVBUF, receive);
    if (result < 0) return result;
    return set_option(descriptor, SOL_SOCKET, SO_SNDBUF, send);
}

int swiftlet_enable_gro(int descriptor) {
    return set_option(descriptor, IPPROTO_UDP, UDP_GRO, 1);
}

// MARK: Receiving datagrams

// Coalesced datagrams need 64 KiB. The stride is no power of two, or the first bytes of all slots
// would compete for the same few lines of the processor's cache.
enum { SLOT_SIZE = 65536, SLOT_STRIDE = SLOT_SIZE + 1536, MAXIMUM_SLOTS = 64 };

struct control_message {
    _Alignas(struct cmsghdr) char bytes[CMSG_SPACE(sizeof(int))];
};

struct swiftlet_receiver {
    int slots;
    int filled;
    uint8_t *memory;
    struct mmsghdr messages[MAXIMUM_SLOTS];
    struct iovec vectors[MAXIMUM_SLOTS];
    union swiftlet_sockaddr sources[MAXIMUM_SLOTS];
    struct control_message controls[MAXIMUM_SLOTS];
};

static void prepare(struct swiftlet_receiver *receiver, int slot) {
    struct msghdr *header = &receiver->messages[slot].msg_hdr;
    header->msg_namelen = sizeof receiver->sources[slot];
    header->msg_controllen = sizeof receiver->controls[slot];
    header->msg_flags = 0;
}

struct swiftlet_receiver *swiftlet_receiver_create(int slots) {
    if (slots > MAXIMUM_SLOTS) slots = MAXIMUM_SLOTS;
    struct swiftlet_receiver *receiver = calloc(1, sizeof *receiver);
    if (!receiver) return NULL;
    // Mapped, not allocated: slots that are never filled take no memory.
    receiver->memory = mmap(NULL, (size_t)slots * SLOT_STRIDE, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (receiver->memory == MAP_FAILED) {
        free(receiver);
        return NULL;
    }
    receiver->slots = slots;
    for (int slot = 0; slot < slots; slot++) {
        receiver->vectors[slot].iov_base = receiver->memory + (size_t)slot * SLOT_STRIDE;
        receiver->vectors[slot].iov_len = SLOT_SIZE;
        struct msghdr *header = &receiver->messages[slot].msg_hdr;
        header->msg_iov = &receiver->vectors[slot];
        header->msg_iovlen = 1;
        header->msg_name = &receiver->sources[slot];
        header->msg_control = &receiver->controls[slot];
        prepare(receiver, slot);
    }
    return receiver;
}

void swiftlet_receiver_destroy(struct swiftlet_receiver *receiver) {
    if (!receiver) return;
    munmap(receiver->memory, (size_t)receiver->slots * SLOT_STRIDE);
    free(receiver);
}

int swiftlet_receiver_fill(struct swiftlet_receiver *receiver, int descriptor, int slots) {
    if (slots > receiver->slots) slots = receiver->slots;
    for (int slot = 0; slot < receiver->filled; slot++) prepare(receiver, slot);
    int count = recvmmsg(descriptor, receiver->messages, (unsigned)slots, MSG_DONTWAIT, NULL);
    receiver->filled = count > 0 ? count : 0;
    return count >= 0 ? count : -errno;
}

void swiftlet_receiver_get(
    struct swiftlet_receiver *receiver, int slot, struct swiftlet_received *message) {
    struct mmsghdr *filled = &receiver->messages[slot];
    swiftlet_from_sockaddr(&receiver->sources[slot], &message->source);
    message->bytes = receiver->vectors[slot].iov_base;
    message->length = filled->msg_len;
    message->segment = filled->msg_len;
    for (struct cmsghdr *control = CMSG_FIRSTHDR(&filled->msg_hdr); control;
         control = CMSG_NXTHDR(&filled->msg_hdr, control)) {
        if (control->cmsg_level == IPPROTO_UDP && control->cmsg_type == UDP_GRO) {
            int segment;
            memcpy(&segment, CMSG_DATA(control), sizeof segment);
            if (segment > 0) message->segment = (uint32_t)segment;
        }
    }
}

// MARK: Sending datagrams

struct segment_control {
    _Alignas(struct cmsghdr) char bytes[CMSG_SPACE(sizeof(uint16_t))];
};

static void add_segment_size(struct msghdr *header, struct segment_control *control, int size) {
    uint16_t value = (uint16_t)size;
    header->msg_control = control->bytes;
    header->msg_controllen = sizeof control->bytes;
    struct cmsghdr *message = CMSG_FIRSTHDR(header);
    message->cmsg_level = IPPROTO_UDP;
    message->cmsg_type = UDP_SEGMENT;
    message->cmsg_len = CMSG_LEN(sizeof value);
    memcpy(CMSG_DATA(message), &value, sizeof value);
}

static void describe(
    struct msghdr *header, struct iovec *vector, union swiftlet_sockaddr *name,
    struct segment_control *control, const uint8_t *bytes,
    const struct swiftlet_outgoing *message) {
    vector->iov_base = (void *)(bytes + message->offset);
    vector->iov_len = message->length;
    memset(header, 0, sizeof *header);
    header->msg_name = name;
    header->msg_namelen = swiftlet_to_sockaddr(&message->destination, name);
    header->msg_iov = vector;
    header->msg_iovlen = 1;
    if (message->segment) add_segment_size(header, control, (int)message->segment);
}

int swiftlet_send_datagrams(
    int descriptor, const uint8_t *bytes, const struct swiftlet_outgoing *messages, int count) {
    if (count == 1) {
        struct msghdr header;
        struct iovec vector;
        union swiftlet_sockaddr name;
        struct segment_control control;
        describe(&header, &vector, &name, &control, bytes, messages);
        return sendmsg(descriptor, &header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 ? 1 : -errno;
    }
    struct mmsghdr headers[SWIFTLET_SEND_LIMIT];
    struct iovec vectors[SWIFTLET_SEND_LIMIT];
    union swiftlet_sockaddr names[SWIFTLET_SEND_LIMIT];
    struct segment_control controls[SWIFTLET_SEND_LIMIT];
    if (count > SWIFTLET_SEND_LIMIT) count = SWIFTLET_SEND_LIMIT;
    for (int index = 0; index < count; index++) {
        describe(&headers[index].msg_hdr, &vectors[index], &names[index], &controls[index],
                 bytes, &messages[index]);
    }
    return result_of(
        sendmmsg(descriptor, headers, (unsigned)count, MSG_DONTWAIT | MSG_NOSIGNAL));
}

int swiftlet_send_datagram(
    int descriptor, const uint8_t *bytes, size_t length, const struct swiftlet_address *to) {
    union swiftlet_sockaddr name;
    socklen_t name_length = swiftlet_to_sockaddr(to, &name);
    ssize_t sent = sendto(descriptor, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL, &name.any,
                          name_length);
    return sent >= 0 ? 1 : -errno;
}

// MARK: Streams

int swiftlet_listen(int descriptor, int backlog) { return result_of(listen(descriptor, backlog)); }

int swiftlet_accept(int descriptor, struct swiftlet_address *peer) {
    union swiftlet_sockaddr name;
    socklen_t length = sizeof name;
    int accepted = accept4(descriptor, &name.any, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (accepted < 0) return -errno;
    swiftlet_from_sockaddr(&name, peer);
    return accepted;
}

int swiftlet_connect(int descriptor, const struct swiftlet_address *address) {
    union swiftlet_sockaddr name;
    socklen_t length = swiftlet_to_sockaddr(address, &name);
    int result;
    do result = connect(descriptor, &name.any, length); while (result < 0 && errno == EINTR);
    return result_of(result);
}

int swiftlet_pending_error(int descriptor) {
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return -errno;
    return -error;
}

int swiftlet_disable_delay(int descriptor) {
    return set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
}

int64_t swiftlet_read(int descriptor, uint8_t *bytes, size_t capacity) {
    ssize_t count;
    do count = read(descriptor, bytes, capacity); while (count < 0 && errno == EINTR);
    return count >= 0 ? count : -errno;
}

int64_t swiftlet_write(int descriptor, const uint8_t *bytes, size_t length) {
    ssize_t count;
    do count = send(descriptor, bytes, length, MSG_NOSIGNAL); while (count < 0 && errno == EINTR);
    return count >= 0 ? count : -errno;
}

int swiftlet_finish_sending(int descriptor) { return result_of(shutdown(descriptor, SHUT_WR)); }

int swiftlet_reset_on_close(int descriptor) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    return result_of(
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
}
