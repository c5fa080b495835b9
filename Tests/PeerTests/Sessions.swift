import DTLS
import Foundation
import Peer
import Testing
import Wire

/// One for all tests that do not look at it: making a certificate takes time.
let sharedCertificate = Result { try Certificate.selfSigned(validFrom: 1_700_000_000) }

/// A session with nobody at the other end.
func makeSession(
    seed: UInt64 = 1,
    configuration: PeerConfiguration = PeerConfiguration()
) throws -> PeerSession {
    makeSession(try sharedCertificate.get(), seed: seed, configuration: configuration)
}

/// A session with nobody at the other end, and this certificate.
func makeSession(
    _ certificate: Certificate,
    seed: UInt64,
    configuration: PeerConfiguration
) -> PeerSession {
    PeerSession(
        certificate: certificate,
        configuration: configuration,
        entropy: .seed(seed),
        wallClock: WallClock(unixNanoseconds: 1_700_000_000_000_000_000),
        at: .zero
    )
}

extension PeerSession {
    /// What the program was told since the last time.
    mutating func events() -> [PeerEvent] {
        var events: [PeerEvent] = []
        while let output = popOutput() {
            if case .event(let event) = output { events.append(event) }
        }
        return events
    }

    /// The answer to `offer`, set here.
    mutating func answer(_ offer: String) throws -> String {
        try setRemoteDescription(SessionDescription(.offer, sdp: offer), at: .zero)
        let answer = try createAnswer(at: .zero)
        try setLocalDescription(answer, at: .zero)
        return answer.sdp
    }

    /// An offer, set here.
    mutating func offer() throws -> String {
        let offer = try createOffer(at: .zero)
        try setLocalDescription(offer, at: .zero)
        return offer.sdp
    }

    mutating func accept(_ answer: String) throws {
        try setRemoteDescription(SessionDescription(.answer, sdp: answer), at: .zero)
    }
}

/// Recorded descriptions of Fixtures/sdp.
enum Recorded {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/sdp")

    /// The names of all descriptions that hold `line`, in order.
    static func names(holding line: String) -> [String] {
        let files = FileManager.default.enumerator(atPath: root.path)
        let names = files?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".sdp") && text($0).contains(line) }.sorted()
    }

    static func text(_ name: String) -> String {
        let data = FileManager.default.contents(atPath: root.appending(path: name).path)
        return String(decoding: data ?? Data(), as: UTF8.self)
    }
}

/// What `body` throws, if it is a session's error.
func peerError(_ body: () throws -> Void) -> PeerError? {
    do {
        try body()
        return nil
    } catch {
        return error as? PeerError
    }
}

/// Whether `body` was refused because of the state.
func isInvalidState(_ body: () throws -> Void) -> Bool {
    if case .invalidState = peerError(body) { return true }
    return false
}

/// Whether `body` could not be carried out.
func isOperationError(_ body: () throws -> Void) -> Bool {
    if case .operation = peerError(body) { return true }
    return false
}

/// Whether `body` was refused because of its argument.
func isInvalidAccess(_ body: () throws -> Void) -> Bool {
    if case .invalidAccess = peerError(body) { return true }
    return false
}
