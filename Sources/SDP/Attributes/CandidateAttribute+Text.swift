extension CandidateAttribute {
    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        scanner.consume("a=")
        scanner.consume("candidate:")
        foundation = try scanner.field("a foundation")
        component = try scanner.number(in: 1...256, "a component from 1 to 256")
        transport = Transport(try scanner.field("a transport"))
        priority = try scanner.number(in: 0...UInt32.max, "a priority")
        address = Address(try scanner.field("an address"))
        port = try scanner.number(in: 0...UInt16.max, "a port from 0 to 65535")
        try scanner.choice("typ") { $0 == "typ" ? () : nil }
        kind = Kind(try scanner.field("a candidate type"))
        extensions = []
        while let name = scanner.next() {
            try take(name, from: &scanner)
        }
    }

    /// Takes a name that was read, and its value.
    private mutating func take(
        _ name: String,
        from scanner: inout FieldScanner
    ) throws(SDPError) {
        switch name {
        case "raddr":
            relatedAddress = Address(try scanner.field("a related address"))
        case "rport":
            relatedPort = try scanner.number(in: 0...UInt16.max, "a port from 0 to 65535")
        case "tcptype":
            let type = try scanner.choice("active, passive or so") {
                TCPType(rawValue: $0.lowercased())
            }
            transport = .tcp(type)
        default:
            // A name at the end without its value is what some programs send for an empty one.
            extensions.append(Extension(name, scanner.next() ?? ""))
        }
    }

    public var value: String {
        var text = "\(foundation) \(component) \(transport.text) \(priority)"
        text += " \(address.text) \(port) typ \(kind.text)"
        if let relatedAddress { text += " raddr \(relatedAddress.text)" }
        if let relatedPort { text += " rport \(relatedPort)" }
        if let type = transport.tcpType { text += " tcptype \(type.rawValue)" }
        for pair in extensions {
            text += pair.value.isEmpty ? " \(pair.name)" : " \(pair.name) \(pair.value)"
        }
        return text
    }
}

extension CandidateAttribute.Transport {
    /// Reads the transport's name, in upper or lower case.
    public init(_ text: String) {
        switch text.lowercased() {
        case "udp": self = .udp
        case "tcp": self = .tcp(nil)
        default: self = .other(text)
        }
    }

    /// The transport's name as it is written.
    public var text: String {
        switch self {
        case .udp: "udp"
        case .tcp: "tcp"
        case .other(let text): text
        }
    }

    /// Who opens the connection; nil when that is unknown or there is none.
    public var tcpType: CandidateAttribute.TCPType? {
        switch self {
        case .tcp(let type): type
        case .udp, .other: nil
        }
    }
}

extension CandidateAttribute.Kind {
    /// Reads the word behind `typ`.
    public init(_ text: String) {
        switch text {
        case "host": self = .host
        case "srflx": self = .serverReflexive
        case "prflx": self = .peerReflexive
        case "relay": self = .relayed
        default: self = .other(text)
        }
    }

    /// The word behind `typ`.
    public var text: String {
        switch self {
        case .host: "host"
        case .serverReflexive: "srflx"
        case .peerReflexive: "prflx"
        case .relayed: "relay"
        case .other(let text): text
        }
    }
}

// What browsers append to candidates.
extension CandidateAttribute {
    /// The user name fragment of the session that the candidate belongs to, as JavaScript has it.
    public var usernameFragment: String? { value(ofExtension: "ufrag") }
    /// How often ICE was restarted before, as Chromium counts.
    public var generation: UInt32? {
        value(ofExtension: "generation").flatMap { UInt32(digits: $0.utf8) }
    }
    /// The number of the network, as Chromium counts.
    public var networkID: UInt16? {
        value(ofExtension: "network-id").flatMap { UInt16(digits: $0.utf8) }
    }
    /// What the network costs, 0 to 999 (draft-thatcher-ice-network-cost).
    public var networkCost: UInt16? {
        value(ofExtension: "network-cost").flatMap { UInt16(digits: $0.utf8) }
    }
}
