import TURN
import Wire

/// How a packet gets from one end of a path to the other.
enum Route {
    /// From our socket to the peer.
    case direct(Transport.Path, TransportProtocol)
    /// To a TURN server, in the wrapping it takes off.
    case relayed(from: SocketAddress, to: SocketAddress, TransportProtocol, TURNFraming)
}

extension DatagramBatch {
    /// Lets `write` put a packet of at most `capacity` bytes in the place it leaves from; what a relay
    /// needs around it is written around it.
    ///
    /// Returns how many bytes leave.
    mutating func append(
        on route: Route,
        capacity: Int,
        _ write: (inout MutableSpan<UInt8>) -> Int
    ) -> Int {
        let before = bytes.count
        switch route {
        case .direct(let path, let transport):
            append(from: path.local, to: path.remote, over: transport, capacity: capacity, write)
        case .relayed(let local, let server, let transport, let framing):
            let header = framing.headerLength
            let room = header + capacity + TURNFraming.maximumPadding
            append(from: local, to: server, over: transport, capacity: room) { packet in
                var slot = packet._mutatingExtracting(header..<header + capacity)
                let length = write(&slot)
                guard length > 0 else { return 0 }
                return framing.finish(&packet, payloadCount: length) ?? 0
            }
        }
        return bytes.count - before
    }
}
