import Glibc

/// What connections hold of the system in this process.
///
/// Only what is theirs: the language's runtime starts and ends threads, and opens timers, as the
/// machine's load suggests, and with each thread the allocator takes another piece of memory.
struct Footprint: CustomStringConvertible {
    /// Sockets and files.
    var descriptors: Int
    /// Threads that are named as those of loops are.
    var loopThreads: Int
    /// Memory that is allocated and not freed.
    var heapBytes: Int

    static var now: Footprint {
        Footprint(
            descriptors: entries(of: "/proc/self/fd").count { !isOfRuntime($0) },
            loopThreads: entries(of: "/proc/self/task").count { isLoop($0) },
            heapBytes: heapBytes()
        )
    }

    var description: String {
        "\(descriptors) descriptors, \(loopThreads) loops, \(heapBytes / 1_024) kB"
    }

    private static func entries(of folder: String) -> [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            // The name ends with a zero, within the entry.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if Int(name) != nil { names.append("\(folder)/\(name)") }
        }
        return names
    }

    /// Whether a descriptor is an event queue, a timer or the like; a loop has one of each from its
    /// start to its end.
    private static func isOfRuntime(_ path: String) -> Bool {
        var target = [CChar](repeating: 0, count: 256)
        // The system writes at most as many bytes as there are, and says how many.
        let count = unsafe readlink(path, &target, target.count)
        let name = String(
            decoding: target.prefix(max(count, 0)).map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        return count <= 0 || name.hasPrefix("anon_inode:") || name.hasPrefix("/proc/")
    }

    private static func isLoop(_ path: String) -> Bool {
        guard let file = unsafe fopen(path + "/comm", "r") else { return false }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self).hasPrefix("loop-")
    }

    /// What `malloc_info` tells: all arenas together, whichever threads they are of.
    private static func heapBytes() -> Int {
        typealias Report = @convention(c) (CInt, UnsafeMutablePointer<FILE>) -> CInt
        // The C library has the function, and it has this type; malloc.h is not in the module.
        guard let library = unsafe dlopen(nil, RTLD_NOW),
            let found = unsafe dlsym(library, "malloc_info"), let file = unsafe tmpfile()
        else { return 0 }
        defer { unsafe fclose(file) }
        let report = unsafe unsafeBitCast(found, to: Report.self)
        guard unsafe report(0, file) == 0 else { return 0 }
        unsafe rewind(file)
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        // The sums follow the last arena.
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
        let sums = lines.suffix(from: (lines.lastIndex { $0.hasPrefix("</heap>") } ?? -1) + 1)
        func size(_ start: String) -> Int {
            let line = sums.first { $0.hasPrefix(start) } ?? ""
            let digits = line.split(separator: "\"").dropLast().last ?? ""
            return Int(digits) ?? 0
        }
        return size("<system type=\"current\"") + size("<total type=\"mmap\"")
            - size("<total type=\"fast\"") - size("<total type=\"rest\"")
    }
}
