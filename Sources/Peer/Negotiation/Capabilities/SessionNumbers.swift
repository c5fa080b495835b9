import SDP

/// Payload types and header extension ids that have a meaning in this session.
///
/// A number that had a meaning once never gets another: packets under way would be misunderstood
/// (RFC 3264 §8.3.2, RFC 8285 §5).
struct SessionNumbers: Sendable {
    private var formats: [FormatKey: UInt8] = [:]
    /// Retransmissions, by the payload type they repeat.
    private var repeats: [UInt8: UInt8] = [:]
    private var takenFormats = [Bool](repeating: false, count: 128)
    private var extensions: [String: UInt8] = [:]
    private var takenExtensions = [Bool](repeating: false, count: 256)
    private var nextMID = 0

    // MARK: Payload types

    /// The payload type of a format in our offers; nil once none is left.
    mutating func payloadType(of entry: CapabilityTable.Entry) -> UInt8? {
        if let known = formats[entry.key] { return known }
        guard let number = freeFormat(preferring: entry.codec.payloadType) else { return nil }
        formats[entry.key] = number
        return number
    }

    /// The payload type under which `payloadType` is repeated.
    mutating func payloadType(repeating payloadType: UInt8) -> UInt8? {
        if let known = repeats[payloadType] { return known }
        guard let number = freeFormat(preferring: payloadType &+ 1) else { return nil }
        repeats[payloadType] = number
        return number
    }

    /// The peer uses `payloadType` for a format; for one of ours we do so, too, from now on.
    mutating func learn(_ payloadType: UInt8, for key: FormatKey?) {
        guard payloadType < 128 else { return }
        let isFree = !takenFormats[Int(payloadType)]
        takenFormats[Int(payloadType)] = true
        if let key, isFree, formats[key] == nil { formats[key] = payloadType }
    }

    /// The peer uses `payloadType` to repeat another.
    mutating func learn(_ payloadType: UInt8, repeating other: UInt8) {
        guard payloadType < 128 else { return }
        let isFree = !takenFormats[Int(payloadType)]
        takenFormats[Int(payloadType)] = true
        if isFree, repeats[other] == nil { repeats[other] = payloadType }
    }

    private mutating func freeFormat(preferring wanted: UInt8?) -> UInt8? {
        let number: UInt8
        if let wanted, wanted < 128, !takenFormats[Int(wanted)], !(64..<96).contains(wanted) {
            number = wanted
        } else if let free = dynamicTypes.first(where: { !takenFormats[Int($0)] }) {
            number = free
        } else {
            return nil
        }
        takenFormats[Int(number)] = true
        return number
    }

    // MARK: Header extensions

    /// The id of an extension in our offers; nil once none is left.
    mutating func id(of capability: HeaderExtensionCapability) -> UInt8? {
        if let known = extensions[capability.uri] { return known }
        let isWantedFree = capability.id.map { $0 > 0 && !takenExtensions[Int($0)] } == true
        // RFC 8285 §4.2: 15 is reserved in one-byte headers.
        let free = (1...14).first { !takenExtensions[$0] }.map { UInt8($0) }
        guard let id = isWantedFree ? capability.id : free else { return nil }
        takenExtensions[Int(id)] = true
        extensions[capability.uri] = id
        return id
    }

    /// The peer uses `id` for an extension.
    mutating func learn(_ id: UInt8, for uri: String, isOurs: Bool) {
        let isFree = !takenExtensions[Int(id)]
        takenExtensions[Int(id)] = true
        if isOurs, isFree, extensions[uri] == nil { extensions[uri] = id }
    }

    // MARK: Names

    /// A mid that no section has (RFC 9429 §5.2.1).
    mutating func mid(notIn taken: Set<String>) -> String {
        repeat {
            let mid = String(nextMID)
            nextMID += 1
            if !taken.contains(mid) { return mid }
        } while true
    }
}

/// RFC 3551 §6: the dynamic range first, then the unassigned below that RTCP cannot be taken for
/// (RFC 5761 §4).
private let dynamicTypes: [UInt8] = [UInt8](96...127) + [UInt8](35...63)
