import Glibc

/// What this process holds of the system.
struct Footprint: CustomStringConvertible {
    var descriptors: Int
    var threads: Int
    var residentBytes: Int

    static var now: Footprint {
        Footprint(
            descriptors: entries(of: "/proc/self/fd"),
            threads: entries(of: "/proc/self/task"),
            residentBytes: residentPages() * Int(getpagesize())
        )
    }

    var description: String {
        "\(descriptors) descriptors, \(threads) threads, \(residentBytes / 1_024) kB"
    }

    private static func entries(of folder: String) -> Int {
        guard let stream = unsafe opendir(folder) else { return 0 }
        defer { unsafe closedir(stream) }
        var count = 0
        while unsafe readdir(stream) != nil { count += 1 }
        return count
    }

    /// The second number of statm.
    private static func residentPages() -> Int {
        guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        let fields = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? Int(fields[1]) ?? 0 : 0
    }
}
