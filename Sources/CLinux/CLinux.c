// Threads, time, epoll, signals and names. Sockets are in sockets.c.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "addresses.h"

__thread const void *swiftlet_current_loop;

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t swiftlet_monotonic_now(void) { return now(CLOCK_MONOTONIC); }
int64_t swiftlet_wall_clock_now(void) { return now(CLOCK_REALTIME); }

int swiftlet_thread_start(
    uint64_t *thread, const char *name, swiftlet_thread_body body, void *context) {
    // The new thread inherits the mask: signals belong to the program's own threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t created;
    int error = pthread_create(&created, NULL, body, context);
    if (error == 0) {
        char shortened[16];
        strncpy(shortened, name, sizeof shortened - 1);
        shortened[sizeof shortened - 1] = 0;
        pthread_setname_np(created, shortened);
        if (thread) *thread = created; else pthread_detach(created);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return -error;
}

int swiftlet_thread_join(uint64_t thread) { return -pthread_join((pthread_t)thread, NULL); }

int swiftlet_processor_count(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    return CPU_COUNT(&set);
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_THREAD_SANITIZER
#endif
#endif

#ifdef HAS_THREAD_SANITIZER
void __tsan_acquire(void *);
void __tsan_release(void *);
void swiftlet_note_acquire(void *address) { __tsan_acquire(address); }
void swiftlet_note_release(void *address) { __tsan_release(address); }
#else
void swiftlet_note_acquire(void *address) { (void)address; }
void swiftlet_note_release(void *address) { (void)address; }
#endif

void swiftlet_close(int descriptor) {
    // Linux releases the descriptor whatever close returns: closing again would hit a stranger's.
    close(descriptor);
}

// MARK: epoll

static uint32_t to_epoll(uint32_t interest) {
    uint32_t events = 0;
    if (interest & SWIFTLET_READABLE) events |= EPOLLIN;
    if (interest & SWIFTLET_WRITABLE) events |= EPOLLOUT;
    return events;
}

static uint32_t from_epoll(uint32_t events) {
    uint32_t readiness = 0;
    if (events & EPOLLIN) readiness |= SWIFTLET_READABLE;
    if (events & EPOLLOUT) readiness |= SWIFTLET_WRITABLE;
    if (events & EPOLLHUP) readiness |= SWIFTLET_HANG_UP;
    if (events & EPOLLERR) readiness |= SWIFTLET_ERROR;
    return readiness;
}

static int control(int poller, int operation, int descriptor, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    return epoll_ctl(poller, operation, descriptor, &event) == 0 ? 0 : -errno;
}

int swiftlet_poller_create(void) {
    int poller = epoll_create1(EPOLL_CLOEXEC);
    return poller >= 0 ? poller : -errno;
}

int swiftlet_poller_add(int poller, int descriptor, uint32_t interest, uint64_t token) {
    return control(poller, EPOLL_CTL_ADD, descriptor, to_epoll(interest), token);
}

int swiftlet_poller_add_edges(int poller, int descriptor, uint64_t token) {
    return control(poller, EPOLL_CTL_ADD, descriptor, EPOLLIN | EPOLLET, token);
}

int swiftlet_poller_change(int poller, int descriptor, uint32_t interest, uint64_t token) {
    return control(poller, EPOLL_CTL_MOD, descriptor, to_epoll(interest), token);
}

int swiftlet_poller_remove(int poller, int descriptor) {
    return control(poller, EPOLL_CTL_DEL, descriptor, 0, 0);
}

enum { MAXIMUM_EVENTS = 256 };

int swiftlet_poller_wait(
    int poller, struct swiftlet_event *events, int capacity, int64_t timeout) {
    struct epoll_event ready[MAXIMUM_EVENTS];
    if (capacity > MAXIMUM_EVENTS) capacity = MAXIMUM_EVENTS;
    struct timespec time = {timeout / 1000000000, timeout % 1000000000};
    // Rounding to whole milliseconds would make a loop spin or be late, so epoll_pwait2.
    int count = epoll_pwait2(poller, ready, capacity, timeout < 0 ? NULL : &time, NULL);
    if (count < 0 && errno == ENOSYS) {
        int64_t milliseconds = timeout < 0 ? -1 : (timeout + 999999) / 1000000;
        if (milliseconds > 3600000) milliseconds = 3600000;
        count = epoll_wait(poller, ready, capacity, (int)milliseconds);
    }
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int index = 0; index < count; index++) {
        events[index].token = ready[index].data.u64;
        events[index].readiness = from_epoll(ready[index].events);
    }
    return count;
}

int swiftlet_wakeup_create(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor >= 0 ? descriptor : -errno;
}

void swiftlet_wakeup_write(int descriptor) {
    uint64_t one = 1;
    // The counter cannot overflow in the life of a machine, so there is nothing to be told.
    ssize_t written = write(descriptor, &one, sizeof one);
    (void)written;
}

int64_t swiftlet_wakeup_read(int descriptor) {
    uint64_t value = 0;
    return read(descriptor, &value, sizeof value) == sizeof value ? (int64_t)value : 0;
}

// MARK: Signals

static _Atomic int signal_routes[65];

static void route(int number) {
    int before = errno;
    int descriptor = atomic_load(&signal_routes[number]);
    if (descriptor > 0) swiftlet_wakeup_write(descriptor - 1);
    errno = before;
}

int swiftlet_route_signal(int number, int descriptor) {
    if (number < 1 || number > 64) return -EINVAL;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigfillset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    action.sa_handler = descriptor >= 0 ? route : SIG_DFL;
    // Routes hold the descriptor plus one: zero means none. A new route stands before its handler.
    if (descriptor >= 0) atomic_store(&signal_routes[number], descriptor + 1);
    int result = sigaction(number, &action, NULL) == 0 ? 0 : -errno;
    if (descriptor < 0 || result < 0) atomic_store(&signal_routes[number], 0);
    return result;
}

int swiftlet_raise_signal(int number) { return kill(getpid(), number) == 0 ? 0 : -errno; }

// MARK: Interfaces and names

// How many leading bits of a netmask are set.
static uint32_t prefix_length(const struct sockaddr *mask, int family) {
    if (!mask) return family == AF_INET ? 32 : 128;
    const union swiftlet_sockaddr *name = (const void *)mask;
    const uint8_t *bytes = family == AF_INET ? (const uint8_t *)&name->v4.sin_addr
                                             : (const uint8_t *)&name->v6.sin6_addr;
    uint32_t length = 0, limit = family == AF_INET ? 32 : 128;
    while (length < limit && bytes[length / 8] & 0x80 >> length % 8) length++;
    return length;
}

int swiftlet_interfaces(struct swiftlet_interface *entries, int capacity) {
    struct ifaddrs *list;
    if (getifaddrs(&list) != 0) return -errno;
    int count = 0;
    for (struct ifaddrs *each = list; each; each = each->ifa_next) {
        struct swiftlet_interface entry;
        memset(&entry, 0, sizeof entry);
        int family = each->ifa_addr ? each->ifa_addr->sa_family : AF_UNSPEC;
        if (family == AF_INET || family == AF_INET6) {
            swiftlet_from_sockaddr((void *)each->ifa_addr, &entry.address);
            entry.prefix_length = prefix_length(each->ifa_netmask, family);
        } else if (family != AF_PACKET) {
            continue;
        }
        strncpy(entry.name, each->ifa_name, sizeof entry.name - 1);
        entry.index = if_nametoindex(each->ifa_name);
        entry.is_up = (each->ifa_flags & IFF_UP) != 0 && (each->ifa_flags & IFF_RUNNING) != 0;
        entry.is_loopback = (each->ifa_flags & IFF_LOOPBACK) != 0;
        entry.is_point_to_point = (each->ifa_flags & IFF_POINTOPOINT) != 0;
        if (count < capacity) entries[count] = entry;
        count++;
    }
    freeifaddrs(list);
    return count;
}

int swiftlet_resolve(
    const char *host, uint16_t port, struct swiftlet_address *addresses, int capacity) {
    struct addrinfo hints, *list;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_ADDRCONFIG;
    int error = getaddrinfo(host, NULL, &hints, &list);
    if (error == EAI_SYSTEM) return -errno - 1000;
    if (error != 0) return error < 0 ? error : -error;
    int count = 0;
    for (struct addrinfo *each = list; each && count < capacity; each = each->ai_next) {
        if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
        swiftlet_from_sockaddr((void *)each->ai_addr, &addresses[count]);
        addresses[count++].port = port;
    }
    freeaddrinfo(list);
    return count;
}

const char *swiftlet_resolver_error_text(int code) { return gai_strerror(code); }

const char *swiftlet_error_name(int code) { return strerrorname_np(code); }

const char *swiftlet_error_text(int code) { return strerrordesc_np(code); }
