/// What the session or a bundle says for all its sections, read once.
struct SharedFacts: Hashable {
    /// Those of two descriptions.
    struct Pair {
        let old: SharedFacts
        let new: SharedFacts
        let areEqual: Bool

        init(old: SharedFacts, new: SharedFacts) {
            self.old = old
            self.new = new
            areEqual = old == new
        }
    }

    private let session: TransportFacts
    private let direction: MediaDirection?
    private let connection: String?
    private let bundled: Set<String>
    private let tagged: TransportFacts?

    init(_ description: SDPDescription) {
        session = TransportFacts(description, lite: description.isICELite)
        direction = description.statedDirection
        connection = description.connection?.text
        let mids = description.bundledMIDs ?? []
        bundled = Set(mids)
        tagged = mids.first.flatMap { description.media(withMID: $0) }.map { TransportFacts($0) }
    }

    /// What holds for a section, whoever says it: the section, the session, or its bundle.
    func facts(of media: MediaDescription) -> InheritedFacts {
        // RFC 9143 §7.1.3: in a bundle, transport attributes may stand in one section for all.
        let isBundled = media.mid.map { bundled.contains($0) } ?? false
        var transport = TransportFacts(media)
        transport.inherit(session)
        if isBundled, let tagged { transport.complete(tagged) }
        return InheritedFacts(
            direction: media.statedDirection ?? direction ?? .sendReceive,
            addresses: media.connections.isEmpty
                ? [connection].compactMap(\.self) : media.connections.map(\.text),
            transport: transport
        )
    }
}

/// What holds for one section.
struct InheritedFacts {
    let direction: MediaDirection
    let addresses: [String]
    let transport: TransportFacts
}

/// What the session and a section may both say about the transport and its packets.
struct TransportFacts: Hashable {
    private(set) var iceUfrag: String?
    private(set) var icePwd: String?
    private(set) var iceOptions: [String]
    private(set) var fingerprints: [String]
    private(set) var setup: SetupRole?
    private(set) var extensions: [String]
    private(set) var extensionIDs: [String: UInt16] = [:]

    init(_ section: some SDPSection, lite: Bool = false) {
        iceUfrag = section.iceUfrag
        icePwd = section.icePwd
        iceOptions = section.iceOptions + (lite ? ["ice-lite"] : [])
        fingerprints = section.fingerprints.map(\.value)
        setup = section.setup
        let maps = section.extensionMaps
        extensions = maps.map(\.fact)
        for map in maps where extensionIDs[map.fact] == nil { extensionIDs[map.fact] = map.id }
    }

    /// Adds what the session says.
    fileprivate mutating func inherit(_ session: TransportFacts) {
        iceUfrag = iceUfrag ?? session.iceUfrag
        icePwd = icePwd ?? session.icePwd
        iceOptions += session.iceOptions.prefix(inheritedAtMost)
        if fingerprints.isEmpty {
            fingerprints = Array(session.fingerprints.prefix(inheritedAtMost))
        }
        setup = setup ?? session.setup
        for fact in session.extensions.prefix(inheritedAtMost) where extensionIDs[fact] == nil {
            extensions.append(fact)
            extensionIDs[fact] = session.extensionIDs[fact]
        }
    }

    /// Adds what the section that carries the bundle says.
    fileprivate mutating func complete(_ tagged: TransportFacts) {
        iceUfrag = iceUfrag ?? tagged.iceUfrag
        icePwd = icePwd ?? tagged.icePwd
        if iceOptions.isEmpty { iceOptions = Array(tagged.iceOptions.prefix(inheritedAtMost)) }
        if fingerprints.isEmpty {
            fingerprints = Array(tagged.fingerprints.prefix(inheritedAtMost))
        }
        setup = setup ?? tagged.setup
    }
}

/// Far more than anybody says; a thousand sections do not each inherit a thousand lines.
private let inheritedAtMost = 16

extension DifferenceCollector {
    mutating func compareInherited(_ old: InheritedFacts, _ new: InheritedFacts) {
        compare(.direction, old.direction.rawValue, new.direction.rawValue)
        compareAll(.address, old.addresses, new.addresses)
        compareTransport(old.transport, new.transport)
    }

    private mutating func compareTransport(_ old: TransportFacts, _ new: TransportFacts) {
        // The password is a secret, so that it is compared but never shown.
        if old.iceUfrag != new.iceUfrag {
            compare(.credentials, old.iceUfrag, new.iceUfrag)
        } else if old.icePwd != new.icePwd {
            note(.credentials, .changed(from: "one password", to: "another with the same ufrag"))
        }
        compareAll(.iceOptions, old.iceOptions, new.iceOptions)
        compareAll(.fingerprint, old.fingerprints, new.fingerprints)
        compare(.setup, old.setup?.rawValue, new.setup?.rawValue)
        compareAll(.headerExtension, old.extensions, new.extensions)
        guard !ignores(.headerExtensionID), old.extensionIDs != new.extensionIDs else { return }
        for fact in new.extensions where !isFull {
            guard let before = old.extensionIDs[fact], let after = new.extensionIDs[fact] else {
                continue
            }
            compare(.headerExtensionID, String(before), String(after), of: fact)
        }
    }
}

extension ExtensionMapAttribute {
    /// The mapping without its number.
    fileprivate var fact: String {
        let direction = direction.map { " \($0.rawValue)" } ?? ""
        return uri + direction + (extensionAttributes.map { " \($0)" } ?? "")
    }
}
