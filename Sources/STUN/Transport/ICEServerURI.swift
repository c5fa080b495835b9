public import Wire

/// The address of a STUN or TURN server as web pages write it (RFC 7064, RFC 7065).
///
/// ```swift
/// let uri = try ICEServerURI("turn:turn.example.org?transport=tcp")
/// uri.host                 // .name("turn.example.org")
/// uri.port                 // 3478
/// uri.transport            // .tcp
/// ```
public struct ICEServerURI: Hashable, Sendable {
    /// What the server does, and whether the connection to it is encrypted.
    public enum Scheme: String, Hashable, Sendable, CaseIterable {
        case stun, stuns, turn, turns

        /// Whether the server relays.
        public var isRelay: Bool { self == .turn || self == .turns }
        /// Whether the connection is encrypted.
        public var isSecure: Bool { self == .stuns || self == .turns }
        /// RFC 7064 §3.2, RFC 7065 §3.2.
        public var defaultPort: UInt16 { isSecure ? 5_349 : 3_478 }
    }

    /// A name to be looked up, or an address.
    public enum Host: Hashable, Sendable {
        case name(String)
        case address(IPAddress)
    }

    /// What lies below STUN; with a secure scheme DTLS or TLS lies between.
    public enum Transport: String, Hashable, Sendable, CaseIterable {
        case udp, tcp
    }

    /// What the server does.
    public var scheme: Scheme
    /// Where it is.
    public var host: Host
    /// The port that the URI says.
    public var explicitPort: UInt16?
    /// The transport that the URI says; only TURN has it.
    public var explicitTransport: Transport?

    /// A URI of these parts.
    public init(
        _ scheme: Scheme,
        host: Host,
        port: UInt16? = nil,
        transport: Transport? = nil
    ) {
        self.scheme = scheme
        self.host = host
        explicitPort = port
        explicitTransport = transport
    }

    /// The port to connect to.
    public var port: UInt16 { explicitPort ?? scheme.defaultPort }

    /// The transport to use: UDP, or TCP below TLS, unless the URI says otherwise.
    public var transport: Transport { explicitTransport ?? (scheme.isSecure ? .tcp : .udp) }

    /// Reads a URI; what W3C's `RTCPeerConnection` refuses with a `SyntaxError` is refused here.
    public init(_ text: String) throws(ICEServerURIError) {
        var parser = ICEServerURIParser(text)
        self = try parser.parse()
    }
}

extension ICEServerURI: CustomStringConvertible {
    public var description: String {
        let name =
            switch host {
            case .name(let name): name
            case .address(let address):
                address.family == .v6 ? "[\(address)]" : address.description
            }
        let port = explicitPort.map { ":\($0)" } ?? ""
        let transport = explicitTransport.map { "?transport=\($0.rawValue)" } ?? ""
        return "\(scheme.rawValue):\(name)\(port)\(transport)"
    }
}

/// What is wrong with the address of a server, and at which byte.
public struct ICEServerURIError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Reason: Hashable, Sendable, CaseIterable {
        case missingScheme, unknownScheme, slashes, userInformation, emptyHost, invalidHost
        case invalidAddress, invalidPort, path, fragment, queryWithoutRelay, unknownParameter
        case unknownTransport, invalidCharacter, tooLong
    }

    /// What is wrong.
    public var reason: Reason
    /// Where, counted in bytes from the start.
    public var offset: Int

    /// An error at a place.
    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension ICEServerURIError: CustomStringConvertible {
    public var description: String { "\(reason.text) (at byte \(offset))" }
}

extension ICEServerURIError.Reason {
    fileprivate var text: String {
        switch self {
        case .missingScheme: "the scheme is missing: write stun:, stuns:, turn: or turns: in front"
        case .unknownScheme: "the scheme is none of stun, stuns, turn and turns"
        case .slashes: "no slashes follow the scheme: write stun:host, not stun://host"
        case .userInformation:
            "user name and password do not belong here: give them beside the address"
        case .emptyHost: "the host is missing"
        case .invalidHost: "the host is no name that can be looked up, and no address"
        case .invalidAddress: "this is no IPv6 address in brackets"
        case .invalidPort: "the port is no number from 1 to 65535"
        case .path: "a server's address has no path"
        case .fragment: "a server's address has no fragment"
        case .queryWithoutRelay: "only turn: and turns: take a transport"
        case .unknownParameter: "the only parameter is ?transport=udp or ?transport=tcp"
        case .unknownTransport: "the transport is neither udp nor tcp"
        case .invalidCharacter: "spaces and control characters do not belong here"
        case .tooLong: "the address is too long"
        }
    }
}
