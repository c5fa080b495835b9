public import Wire

/// The peer's candidates that were chosen: `a=remote-candidates:<component> <address> <port> …`.
///
/// RFC 8839 §5.2; it stands in later offers of the controlling agent.
public struct RemoteCandidatesAttribute: SDPTypedAttribute {
    public static let name = "remote-candidates"

    /// One component's candidate.
    public struct Candidate: Hashable, Sendable {
        /// 1 for RTP, 2 for RTCP.
        public var component: UInt16
        /// The address, or a name.
        public var address: CandidateAttribute.Address
        /// The port.
        public var port: UInt16

        /// A candidate from its fields.
        public init(component: UInt16, address: CandidateAttribute.Address, port: UInt16) {
            self.component = component
            self.address = address
            self.port = port
        }

        /// The address and port; nil for a name.
        public var socketAddress: SocketAddress? {
            address.ipAddress.map { SocketAddress($0, port: port) }
        }
    }

    /// One candidate for each component.
    public var candidates: [Candidate]

    /// Candidates in order.
    public init(_ candidates: [Candidate]) { self.candidates = candidates }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        candidates = []
        repeat {
            candidates.append(
                Candidate(
                    component: try scanner.number(in: 1...256, "a component from 1 to 256"),
                    address: .init(try scanner.field("an address")),
                    port: try scanner.number(in: 0...UInt16.max, "a port from 0 to 65535")
                )
            )
        } while !scanner.isAtEnd
    }

    public var value: String {
        candidates.map { "\($0.component) \($0.address.text) \($0.port)" }.joined(separator: " ")
    }
}
