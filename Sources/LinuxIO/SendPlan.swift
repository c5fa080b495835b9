import CLinux
import Wire

/// How a batch goes to the kernel: each message is one datagram, or a run that the kernel cuts.
struct SendPlan {
    /// What the socket may ask the kernel to cut.
    struct Limits {
        var isEnabled: Bool
        /// Datagrams of this size or more are too large for the path to be cut from a run.
        var refusedSegment = Int.max
    }

    private(set) var messages: [swiftlet_outgoing] = []
    /// The same, as datagrams: how many each message holds.
    private(set) var counts: [Int] = []

    /// Arranges the datagrams of `entries`; only those that leave from `source` if it is given.
    mutating func arrange(
        _ entries: [DatagramBatch.Entry],
        from source: SocketAddress? = nil,
        within limits: Limits
    ) {
        removeAll()
        guard let first = entries.first else { return }
        var run = Run(beforeFirst: first)
        for entry in entries {
            // A TCP connection may have the same address.
            if let source, entry.transport != .udp || !entry.source.isSame(as: source) { continue }
            if run.append(entry, within: limits) { continue }
            append(run)
            run = Run(entry)
        }
        append(run)
    }

    /// Replaces the run at `index` by its datagrams, one message each.
    mutating func cut(at index: Int) {
        let run = messages[index]
        let end = run.offset + run.length
        let pieces = stride(from: run.offset, to: end, by: Int(run.segment)).map { start in
            var piece = run
            piece.offset = start
            piece.length = min(run.segment, end - start)
            piece.segment = 0
            return piece
        }
        messages.replaceSubrange(index...index, with: pieces)
        counts.replaceSubrange(index...index, with: repeatElement(1, count: pieces.count))
    }

    mutating func removeAll() {
        messages.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ run: Run) {
        guard run.count > 0 else { return }
        messages.append(run.message)
        counts.append(run.count)
    }
}

/// Datagrams of one destination that lie next to each other: all of one size, the last may be
/// shorter.
private struct Run {
    let destination: SocketAddress
    let start: Int
    var end: Int
    let segment: Int
    var count = 1

    init(_ first: DatagramBatch.Entry) {
        destination = first.destination
        start = first.range.lowerBound
        end = first.range.upperBound
        segment = first.range.count
    }

    /// A run of nothing, which takes nothing in.
    init(beforeFirst entry: DatagramBatch.Entry) {
        self.init(entry)
        count = 0
    }

    /// Takes `entry` in if the kernel can cut the longer run.
    @inline(__always)
    mutating func append(_ entry: DatagramBatch.Entry, within limits: SendPlan.Limits) -> Bool {
        let size = entry.range.count
        guard count > 0, limits.isEnabled, entry.range.lowerBound == end, size > 0, size <= segment,
            end - start == count * segment, count < maximumSegments,
            end - start + size <= maximumRun, segment < limits.refusedSegment,
            entry.destination.isSame(as: destination)
        else { return false }
        end = entry.range.upperBound
        count += 1
        return true
    }

    var message: swiftlet_outgoing {
        swiftlet_outgoing(
            destination: swiftlet_address(destination),
            offset: UInt32(truncatingIfNeeded: start),
            length: UInt32(truncatingIfNeeded: end - start),
            segment: count > 1 ? UInt32(truncatingIfNeeded: segment) : 0
        )
    }
}

/// The kernel's UDP_MAX_SEGMENTS before Linux 6.9.
private let maximumSegments = 64
/// What one IPv4 datagram can carry: 65,535 less the IP and UDP headers.
private let maximumRun = 65_507
