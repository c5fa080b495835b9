public import Wire

/// What crossed a simulated network, for Wireshark and for tests.
///
/// ```swift
/// let bytes = network.capture.pcap()
/// Attachment.record(bytes, named: "seed-7.pcap")
/// ```
public struct Capture: Sendable {
    /// Where datagrams are recorded.
    public struct Points: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// As they leave their sender, with its own addresses.
        public static let sent = Points(rawValue: 1)
        /// As they reach their receiver, behind all translations, copies included.
        public static let delivered = Points(rawValue: 2)
        /// Where they are lost, as they were there.
        public static let dropped = Points(rawValue: 4)
    }

    /// One recorded datagram.
    public struct Packet: Hashable, Sendable {
        public var time: Instant
        public var point: Points
        public var datagram: Datagram
    }

    /// Where datagrams are recorded from now on.
    ///
    /// Nowhere, `[]`, saves the memory.
    public var points: Points = .delivered
    /// What has been recorded, oldest first.
    public private(set) var packets: [Packet] = []

    init() {}

    /// Forgets what has been recorded.
    public mutating func removeAll() { packets.removeAll() }

    mutating func record(_ datagram: Datagram, at time: Instant, _ point: Points) {
        guard points.contains(point) else { return }
        packets.append(Packet(time: time, point: point, datagram: datagram))
    }
}
