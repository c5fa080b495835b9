import DTLS
import Peer
import Wire

/// Any descriptions in any order to a session with the whole table of capabilities: taken, refused or
/// taken back, never a trap; no socket and no packet.
///
/// Descriptions stand between zero bytes; the byte in front of each says in which part it plays, and
/// what the program does before.
@c(LLVMFuzzerTestOneInput)
public func fuzzNegotiations(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    guard let certificate = shared else { return 0 }
    var configuration = PeerConfiguration()
    configuration.capabilities = .full
    var session = PeerSession(
        certificate: certificate,
        configuration: configuration,
        entropy: .seed(1),
        wallClock: WallClock(unixNanoseconds: 1_700_000_000_000_000_000),
        at: .zero
    )
    for part in input.split(separator: 0).prefix(8) {
        guard let first = part.first else { continue }
        act(first, &session)
        let text = String(decoding: part.dropFirst(), as: UTF8.self)
        let kind = SessionDescription.Kind.allCases[Int(first & 3)]
        let before = session.signalingState
        do {
            try session.setRemoteDescription(SessionDescription(kind, sdp: text), at: .zero)
            if kind == .offer, first & 4 == 0 { try session.setLocalDescription(at: .zero) }
        } catch {
            precondition(session.signalingState != .closed, "an error closes nothing")
        }
        precondition(before != .closed, "nothing but close() closes")
        // What we say ourselves is always said, and by the rules of SDP.
        if session.signalingState == .stable {
            precondition((try? session.createOffer(at: .zero)) != nil, "an offer can be made")
        }
        settle(&session)
    }
    session.close(at: .zero)
    settle(&session)
    return 0
}

/// Wishes of a program.
private func act(_ byte: UInt8, _ session: inout PeerSession) {
    let last = session.transceivers.last
    switch (byte >> 4, last) {
    case (0, _): _ = try? session.addTrack(.audio, at: .zero)
    case (1, _): _ = try? session.addTransceiver(.video, at: .zero)
    case (2, _): try? session.addDataSection(at: .zero)
    case (3, _): session.restartICE(at: .zero)
    case (4, let id?): try? session.stop(id, at: .zero)
    case (5, let id?): try? session.setDirection(.inactive, of: id, at: .zero)
    case (6, _): _ = try? session.setLocalDescription(at: .zero)
    case (7, _): try? session.setLocalDescription(.rollback, at: .zero)
    default: break
    }
}

private func settle(_ session: inout PeerSession) {
    while session.popOutput() != nil {}
    session.takeOutgoing { $0.removeAll() }
}

private let shared = try? Certificate.selfSigned(validFrom: 1_700_000_000)
