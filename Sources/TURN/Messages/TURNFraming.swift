import STUN
import Wire

/// What goes in front of a payload, and behind it, on the way between a client and its server.
///
/// Written around a payload that is in its place already, so that media is never copied:
///
/// ```swift
/// guard let framing = client.framing(to: peer) else { return }     // not permitted yet
/// batch.append(from: local, to: client.server, capacity: 1_500) { packet throws(SRTPError) in
///     var slot = packet._mutatingExtracting(framing.headerLength..<packet.count)
///     let count = try protect(&slot)
///     return framing.finish(&packet, payloadCount: count) ?? 0
/// }
/// ```
public struct TURNFraming: Hashable, Sendable {
    /// How many bytes to leave in front of the payload.
    public let headerLength: Int
    private let form: Form
    /// Whether the message goes over a stream, where each begins at a multiple of four.
    private let isPadded: Bool

    /// The longest header there is.
    public static let maximumHeaderLength = 52
    /// The most bytes that follow a payload.
    public static let maximumPadding = 3

    private enum Form: Hashable, Sendable {
        case channel(UInt16)
        case indication(STUNMethod, SocketAddress, STUNTransactionID, doesNotFragment: Bool)
    }

    static func channel(_ number: UInt16, over transport: STUNTransport) -> TURNFraming {
        TURNFraming(
            headerLength: ChannelData.headerLength,
            form: .channel(number),
            isPadded: transport == .stream
        )
    }

    static func indication(
        _ method: STUNMethod,
        _ peer: SocketAddress,
        id: STUNTransactionID,
        doesNotFragment: Bool = false
    ) -> TURNFraming {
        let address = peer.address.family == .v4 ? 12 : 24
        return TURNFraming(
            headerLength: 20 + address + (doesNotFragment ? 4 : 0) + 4,
            form: .indication(method, peer, id, doesNotFragment: doesNotFragment),
            isPadded: true
        )
    }

    /// Whether the message is a ChannelData message, the shorter of the two forms.
    public var isChannelData: Bool {
        switch form {
        case .channel: true
        case .indication: false
        }
    }

    /// Writes the header to the start of `packet`, behind which `payloadCount` bytes lie already,
    /// and the padding behind those.
    ///
    /// Returns the length of the message; nil if `packet` has no room for it or no message can be
    /// that long.
    public func finish(_ packet: inout MutableSpan<UInt8>, payloadCount: Int) -> Int? {
        let padding = isPadded ? -payloadCount & 3 : 0
        guard payloadCount >= 0, payloadCount <= 65_000 else { return nil }
        let total = headerLength &+ payloadCount &+ padding
        guard total <= packet.count else { return nil }
        do throws(WriteError) {
            try writeHeader(&packet, payloadCount: payloadCount, padding: padding)
        } catch {
            return nil
        }
        for index in 0..<padding { packet[headerLength &+ payloadCount &+ index] = 0 }
        return total
    }

    @inline(__always)
    private func writeHeader(
        _ packet: inout MutableSpan<UInt8>,
        payloadCount: Int,
        padding: Int
    ) throws(WriteError) {
        let length = UInt16(truncatingIfNeeded: payloadCount)
        switch form {
        case .channel(let number):
            packet[0] = UInt8(truncatingIfNeeded: number >> 8)
            packet[1] = UInt8(truncatingIfNeeded: number)
            packet[2] = UInt8(truncatingIfNeeded: length >> 8)
            packet[3] = UInt8(truncatingIfNeeded: length)
        case .indication(let method, let peer, let id, let doesNotFragment):
            var writer = SpanWriter(packet._mutatingExtracting(0..<headerLength))
            try STUNWriter.begin(.indication, method, id: id, to: &writer)
            try STUNWriter.append(.xorPeerAddress, masked: peer, id: id, to: &writer)
            if doesNotFragment { try STUNWriter.append(.dontFragment, to: &writer) }
            try writer.write(STUNAttributeType.data.rawValue)
            try writer.write(length)
            let body = headerLength &- 20 &+ payloadCount &+ padding
            try writer.replace(at: 2, with: UInt16(truncatingIfNeeded: body))
        }
    }
}
