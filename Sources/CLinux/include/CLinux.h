// What Swift cannot say about Linux by itself: packed structures, control messages, variadic calls,
// and functions that glibc shows only to GNU sources (this header must not ask for those: it is
// imported beside other modules).
//
// Every call that can fail returns the negative errno, so nobody reads errno on another thread.
#ifndef SWIFTLET_CLINUX_H
#define SWIFTLET_CLINUX_H

#include <stddef.h>
#include <stdint.h>

// An IP address and a port in host order, laid out as Wire lays it out.
struct swiftlet_address {
    uint64_t high;
    uint64_t low;
    uint32_t scope;
    uint16_t port;
    uint16_t family;  // 4 or 6; 0 when there is none
};

// MARK: Time

int64_t swiftlet_monotonic_now(void);
int64_t swiftlet_wall_clock_now(void);

// MARK: Threads

typedef void *(*swiftlet_thread_body)(void *);

// Starts a thread that takes no signals. `thread` is NULL for one that nobody joins.
int swiftlet_thread_start(
    uint64_t *thread, const char *name, swiftlet_thread_body body, void *context);
int swiftlet_thread_join(uint64_t thread);
int swiftlet_processor_count(void);

extern __thread const void *swiftlet_current_loop;
static inline const void *swiftlet_get_current_loop(void) { return swiftlet_current_loop; }
static inline void swiftlet_set_current_loop(const void *loop) { swiftlet_current_loop = loop; }

// Tell ThreadSanitizer that whoever acquires sees what came before the release. Nothing otherwise.
void swiftlet_note_acquire(void *address);
void swiftlet_note_release(void *address);

// MARK: Descriptors

enum {
    SWIFTLET_READABLE = 1,
    SWIFTLET_WRITABLE = 2,
    SWIFTLET_HANG_UP = 4,
    SWIFTLET_ERROR = 8,
};

struct swiftlet_event {
    uint64_t token;
    uint32_t readiness;
};

void swiftlet_close(int descriptor);
int swiftlet_poller_create(void);
int swiftlet_poller_add(int poller, int descriptor, uint32_t interest, uint64_t token);
// Reports each change once, so the descriptor need not be read to be quiet.
int swiftlet_poller_add_edges(int poller, int descriptor, uint64_t token);
int swiftlet_poller_change(int poller, int descriptor, uint32_t interest, uint64_t token);
int swiftlet_poller_remove(int poller, int descriptor);
// Waits `timeout` nanoseconds, for ever if it is negative. `capacity` is at most 256.
int swiftlet_poller_wait(
    int poller, struct swiftlet_event *events, int capacity, int64_t timeout);

int swiftlet_wakeup_create(void);
void swiftlet_wakeup_write(int descriptor);
int64_t swiftlet_wakeup_read(int descriptor);

// MARK: Sockets

enum { SWIFTLET_STREAM = 1, SWIFTLET_DATAGRAM = 2 };

int swiftlet_socket(int family, int kind);
int swiftlet_bind(int descriptor, const struct swiftlet_address *address);
/// Leaves the port of a bound address open until `connect`: it need only be unique towards its target.
int swiftlet_choose_port_late(int descriptor);
int swiftlet_local_address(int descriptor, struct swiftlet_address *address);
int swiftlet_remote_address(int descriptor, struct swiftlet_address *address);
int swiftlet_reuse_address(int descriptor);
int swiftlet_set_buffer_sizes(int descriptor, int receive, int send);
int swiftlet_enable_gro(int descriptor);

// MARK: Multicast

// Lets other programs have the same port; before `bind`.
int swiftlet_share_port(int descriptor);
// Joins `group` on the interface numbered `interface`, and sends to groups there, 255 hops at most.
int swiftlet_join_group(
    int descriptor, const struct swiftlet_address *group, uint32_t interface);

// MARK: Datagrams

// The shared memory that datagrams are received into.
struct swiftlet_receiver;
struct swiftlet_received {
    struct swiftlet_address source;
    uint8_t *bytes;
    uint32_t length;
    uint32_t segment;  // length of each datagram but the last; `length` if there is only one
};

struct swiftlet_receiver *swiftlet_receiver_create(int slots);
void swiftlet_receiver_destroy(struct swiftlet_receiver *receiver);
// Fills at most `slots` slots and returns how many were filled.
int swiftlet_receiver_fill(struct swiftlet_receiver *receiver, int descriptor, int slots);
void swiftlet_receiver_get(
    struct swiftlet_receiver *receiver, int slot, struct swiftlet_received *message);

// One datagram, or several of one size that the kernel cuts apart.
struct swiftlet_outgoing {
    struct swiftlet_address destination;
    uint32_t offset;
    uint32_t length;
    uint32_t segment;  // 0: not to be cut
};

enum { SWIFTLET_SEND_LIMIT = 64 };

// Sends at most SWIFTLET_SEND_LIMIT messages and returns how many left.
int swiftlet_send_datagrams(
    int descriptor, const uint8_t *bytes, const struct swiftlet_outgoing *messages, int count);
int swiftlet_send_datagram(
    int descriptor, const uint8_t *bytes, size_t length, const struct swiftlet_address *to);

// MARK: Streams

int swiftlet_listen(int descriptor, int backlog);
int swiftlet_accept(int descriptor, struct swiftlet_address *peer);
int swiftlet_connect(int descriptor, const struct swiftlet_address *address);
int swiftlet_pending_error(int descriptor);
int swiftlet_disable_delay(int descriptor);
int64_t swiftlet_read(int descriptor, uint8_t *bytes, size_t capacity);
int64_t swiftlet_write(int descriptor, const uint8_t *bytes, size_t length);
int swiftlet_finish_sending(int descriptor);
// Makes the next close send a reset.
int swiftlet_reset_on_close(int descriptor);

// MARK: The machine

struct swiftlet_interface {
    char name[16];
    uint32_t index;
    uint32_t is_up;
    uint32_t is_loopback;
    uint32_t is_point_to_point;
    uint32_t prefix_length;
    struct swiftlet_address address;  // family 0: none
};

// Writes at most `capacity` entries, one for each address, and returns how many there are.
int swiftlet_interfaces(struct swiftlet_interface *entries, int capacity);

// A socket that the kernel tells of changes to links and addresses.
int swiftlet_netlink_open(void);
// Asks for all links, or all addresses; the answers carry `sequence`.
int swiftlet_netlink_request(int descriptor, int addresses, uint32_t sequence);
// Reads messages of the kernel; -ENOBUFS says that some were lost.
int64_t swiftlet_netlink_receive(int descriptor, uint8_t *bytes, size_t capacity);

// Writes at most `capacity` addresses and returns how many, or a negative EAI code.
// EAI_SYSTEM comes as the negative errno minus 1000.
int swiftlet_resolve(
    const char *host, uint16_t port, struct swiftlet_address *addresses, int capacity);
const char *swiftlet_resolver_error_text(int code);
const char *swiftlet_error_name(int code);
const char *swiftlet_error_text(int code);

// Lets `number` write to `descriptor` instead of ending the process; -1 restores the default.
int swiftlet_route_signal(int number, int descriptor);
int swiftlet_raise_signal(int number);

#endif
