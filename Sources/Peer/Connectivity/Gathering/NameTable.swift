import SDP
import Wire

/// Names of mDNS: those of the peer's candidates that wait for an address, and our own.
struct NameTable: Sendable {
    /// A candidate of the peer without an address yet.
    struct Waiting: Sendable {
        let host: String
        let stream: Int
        let candidate: CandidateAttribute
    }

    private(set) var waiting: [Waiting] = []
    /// Names that hide addresses of ours.
    private(set) var own: [IPAddress: String] = [:]

    /// Keeps a candidate until its name has an address; nil if there is no room, or it needs none.
    ///
    /// Returns the name if it must be looked up.
    mutating func keep(_ candidate: CandidateAttribute, of stream: Int) -> String? {
        guard case .name(let host) = candidate.address, host.hasSuffix(".local"),
            waiting.count < maximumWaiting
        else { return nil }
        let isAsked = waiting.contains { $0.host == host }
        waiting.append(Waiting(host: host, stream: stream, candidate: candidate))
        return isAsked ? nil : host
    }

    /// Removes and returns what waited for `host`.
    mutating func take(_ host: String) -> [Waiting] {
        let taken = waiting.filter { $0.host == host }
        waiting.removeAll { $0.host == host }
        return taken
    }

    /// The name for an address of ours; a new one if it has none (RFC 8828 §5.2).
    mutating func name(of address: IPAddress, entropy: inout Entropy) -> String {
        if let known = own[address] { return known }
        let name = Self.random(using: &entropy) + ".local"
        own[address] = name
        return name
    }

    /// A version 4 UUID (RFC 9562 §5.4).
    private static func random(using entropy: inout Entropy) -> String {
        var bytes = entropy.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array(Hex.encode(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
            .joined(separator: "-")
    }
}

/// A peer has a few addresses; names cost a question to the whole local network each.
private let maximumWaiting = 16
