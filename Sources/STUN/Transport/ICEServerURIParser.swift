import Wire

/// Reads RFC 7064 §3.1 and RFC 7065 §3.1.
///
///     stunURI = scheme ":" host [ ":" port ]
///     turnURI = scheme ":" host [ ":" port ] [ "?transport=" transport ]
struct ICEServerURIParser {
    private let text: [UInt8]
    private var position = 0

    init(_ text: String) { self.text = [UInt8](text.utf8) }

    mutating func parse() throws(ICEServerURIError) -> ICEServerURI {
        guard text.count <= maximumLength else { throw error(.tooLong, at: maximumLength) }
        if let place = text.firstIndex(where: { $0 <= 0x20 || $0 == 0x7F }) {
            throw error(.invalidCharacter, at: place)
        }
        let scheme = try scheme()
        if text[position...].starts(with: "//".utf8) { throw error(.slashes, at: position) }
        if let place = text[position...].firstIndex(of: UInt8(ascii: "@")) {
            throw error(.userInformation, at: place)
        }
        if let place = text[position...].firstIndex(of: UInt8(ascii: "#")) {
            throw error(.fragment, at: place)
        }
        let host = try host()
        let port = try port()
        let transport = try transport(for: scheme)
        guard position == text.count else {
            throw error(text[position] == UInt8(ascii: "/") ? .path : .invalidHost, at: position)
        }
        return ICEServerURI(scheme, host: host, port: port, transport: transport)
    }

    private mutating func scheme() throws(ICEServerURIError) -> ICEServerURI.Scheme {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else {
            throw error(.missingScheme, at: 0)
        }
        // RFC 3986 §3.1: schemes have no case.
        let word = String(decoding: text[..<colon].map(lowercased), as: UTF8.self)
        guard let scheme = ICEServerURI.Scheme(rawValue: word) else {
            // "example.org:3478" has a colon too, and is no address of ours either.
            throw error(word.contains(".") ? .missingScheme : .unknownScheme, at: 0)
        }
        position = colon + 1
        return scheme
    }

    private mutating func host() throws(ICEServerURIError) -> ICEServerURI.Host {
        if position < text.count, text[position] == UInt8(ascii: "[") { return try literal() }
        let start = position
        let end = text[start...].firstIndex { ":?/".utf8.contains($0) } ?? text.count
        guard start < end else { throw error(.emptyHost, at: start) }
        position = end
        let name = text[start..<end]
        if let place = name.firstIndex(where: { !isNameCharacter($0) }) {
            throw error(.invalidHost, at: place)
        }
        let word = String(decoding: name, as: UTF8.self)
        if let address = IPAddress(word) { return .address(address) }
        guard isName(name) else { throw error(.invalidHost, at: start) }
        return .name(word)
    }

    /// An IPv6 address in brackets; without a zone, which means nothing to anybody else.
    private mutating func literal() throws(ICEServerURIError) -> ICEServerURI.Host {
        let start = position + 1
        guard let end = text[start...].firstIndex(of: UInt8(ascii: "]")) else {
            throw error(.invalidAddress, at: position)
        }
        let word = String(decoding: text[start..<end], as: UTF8.self)
        guard let address = IPAddress(word), address.family == .v6, !word.contains("%") else {
            throw error(.invalidAddress, at: start)
        }
        position = end + 1
        guard position == text.count || ":?/".utf8.contains(text[position]) else {
            throw error(.invalidHost, at: position)
        }
        return .address(address)
    }

    private mutating func port() throws(ICEServerURIError) -> UInt16? {
        guard position < text.count, text[position] == UInt8(ascii: ":") else { return nil }
        let start = position + 1
        let end = text[start...].firstIndex { "?/".utf8.contains($0) } ?? text.count
        let digits = text[start..<end]
        guard (1...5).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
            let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0
        else { throw error(.invalidPort, at: start) }
        position = end
        return port
    }

    private mutating func transport(
        for scheme: ICEServerURI.Scheme
    ) throws(ICEServerURIError) -> ICEServerURI.Transport? {
        guard position < text.count, text[position] == UInt8(ascii: "?") else { return nil }
        guard scheme.isRelay else { throw error(.queryWithoutRelay, at: position) }
        let start = position + 1
        guard text[start...].starts(with: "transport=".utf8) else {
            throw error(.unknownParameter, at: start)
        }
        let value = start + 10
        let word = String(decoding: text[value...].map(lowercased), as: UTF8.self)
        guard let transport = ICEServerURI.Transport(rawValue: word) else {
            throw error(.unknownTransport, at: value)
        }
        position = text.count
        return transport
    }

    private func error(_ reason: ICEServerURIError.Reason, at offset: Int) -> ICEServerURIError {
        ICEServerURIError(reason, at: offset)
    }
}

/// What a host name is made of: letters, digits, hyphens, dots, and the underscores of the field.
private func isNameCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
    default: false
    }
}

/// Labels of 1 to 63 characters, 253 in all; the last is no number, or the name would be an address.
private func isName(_ name: ArraySlice<UInt8>) -> Bool {
    var labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
    guard name.count <= 254, labels.allSatisfy({ (1...63).contains($0.count) }) else {
        return false
    }
    return labels.last?.allSatisfy { (48...57).contains($0) } == false
}

private func lowercased(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte | 0x20 : byte
}

/// Longer than any name with all that may be around it.
private let maximumLength = 512
