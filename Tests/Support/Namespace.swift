import Glibc

/// A network of its own for one thread and the threads it starts; gone with the last of them.
///
/// Only in processes of their own: the thread cannot come back.
public enum Namespace {
    /// Whether this process may make one; tried on a thread that ends at once.
    public static let isPermitted: Bool = {
        var thread = pthread_t()
        // Freed only when the thread, which writes to it, has been joined.
        let result = UnsafeMutablePointer<CInt>.allocate(capacity: 1)
        defer { unsafe result.deallocate() }
        unsafe result.initialize(to: -1)
        let code = unsafe pthread_create(
            &thread,
            nil,
            { context in
                unsafe context?.assumingMemoryBound(to: CInt.self).pointee = unshareNetwork()
                return nil
            },
            result
        )
        guard code == 0 else { return false }
        _ = pthread_join(thread, nil)
        return unsafe result.pointee == 0
    }()

    /// Takes the calling thread to a network without interfaces but `lo`.
    ///
    /// Threads that it starts are there, too: make a loop at once, with no suspension in between.
    public static func enter() {
        precondition(unshareNetwork() == 0, "network namespaces are not permitted here")
    }

    /// Where somebody listens for TCP over IPv4 on the calling thread's network, as `a.b.c.d:port`.
    public static func listeners() -> [String] {
        guard let file = unsafe fopen("/proc/thread-self/net/tcp", "r") else { return [] }
        defer { unsafe fclose(file) }
        var found: [String] = []
        var line = [CChar](repeating: 0, count: 256)
        // The call ends what it writes with a zero inside the buffer.
        while unsafe fgets(&line, CInt(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
            // The number of the line, the address in the machine's order, the other end, the state.
            let words = text.split(separator: " ")
            guard words.count > 3, words[3] == "0A" else { continue }
            let place = words[1].split(separator: ":").compactMap { UInt32($0, radix: 16) }
            guard place.count == 2 else { continue }
            let octets = [0, 8, 16, 24].map { String(place[0] >> $0 & 0xFF) }
            found.append("\(octets.joined(separator: ".")):\(place[1])")
        }
        return found
    }

    /// Runs `ip` with these words on the calling thread's network, and waits for its end.
    public static func ip(_ words: String) {
        let arguments = unsafe (["ip"] + words.split(separator: " ").map { String($0) })
            .map { unsafe strdup($0) }
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var child = pid_t()
        // The child has its own copy of the arguments before the call returns.
        let code = unsafe posix_spawnp(&child, "ip", nil, nil, arguments + [nil], environ)
        precondition(code == 0, "ip cannot be started; install iproute2")
        var status: CInt = 0
        unsafe waitpid(child, &status, 0)
        precondition(status == 0, "ip \(words) has failed")
    }
}

/// `unshare(CLONE_NEWNET)`, which the C library shows only to GNU sources.
private func unshareNetwork() -> CInt {
    typealias Unshare = @convention(c) (CInt) -> CInt
    // The C library has the function, and it has this type.
    guard let library = unsafe dlopen(nil, RTLD_NOW), let found = unsafe dlsym(library, "unshare")
    else { return -1 }
    let unshare = unsafe unsafeBitCast(found, to: Unshare.self)
    return unshare(0x4000_0000)
}
