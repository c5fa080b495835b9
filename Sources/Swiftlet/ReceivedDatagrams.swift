import Peer
import Wire

/// Datagrams of one fill of a shared socket, kept until their connections have had them.
///
/// They are copied once: the loop's own memory is filled anew while connections still work.
struct ReceivedDatagrams {
    private var bytes: [UInt8] = []
    private var entries: [(source: SocketAddress, range: Range<Int>)] = []

    var count: Int { entries.count }

    mutating func append(_ datagram: Span<UInt8>, from source: SocketAddress) {
        let start = bytes.count
        bytes.append(copying: datagram)
        entries.append((source, start..<bytes.count))
    }

    func source(at index: Int) -> SocketAddress { entries[index].source }

    /// Whose the datagram is, as `router` knows it.
    func route(
        at index: Int,
        on local: SocketAddress,
        by router: SharedPortRouter
    ) -> SharedPortRouter.Route {
        let datagram = bytes.span.extracting(entries[index].range)
        return router.route(datagram, from: entries[index].source, on: local)
    }

    /// Lets `body` read and change one datagram in place.
    mutating func withDatagram(
        at index: Int,
        _ body: (inout MutableSpan<UInt8>, SocketAddress) -> Void
    ) {
        let (source, range) = entries[index]
        var all = bytes.mutableSpan
        var datagram = all._mutatingExtracting(range)
        body(&datagram, source)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 18)
        entries.removeAll(keepingCapacity: true)
    }
}
