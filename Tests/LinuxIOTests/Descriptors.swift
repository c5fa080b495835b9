import Glibc

/// Whether this process has a descriptor of that number.
func descriptorIsOpen(_ number: CInt) -> Bool { fcntl(number, F_GETFD) != -1 }

/// Lets this process open no descriptor of `limit` or above; may be raised again.
func limitDescriptors(to limit: Int) {
    var limits = rlimit()
    // The kernel copies the structure before the calls return.
    _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
    limits.rlim_cur = rlim_t(limit)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
}

/// Sends without checksums, which makes the kernel refuse to cut a run apart with EINVAL.
func disableChecksums(_ descriptor: CInt) -> Bool {
    var one: CInt = 1
    let size = socklen_t(MemoryLayout<CInt>.size)
    // The kernel copies the value before the call returns.
    return unsafe setsockopt(descriptor, SOL_SOCKET, SO_NO_CHECK, &one, size) == 0
}

func raiseSignal(_ number: CInt) { kill(getpid(), number) }
