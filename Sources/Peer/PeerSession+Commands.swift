import DTLS
import ICE
public import Wire

// MARK: - The end

extension PeerSession {
    /// Says goodbye to the peer and ends everything.
    ///
    /// Calling it again does nothing.
    ///
    /// What must still be sent is in the outgoing batch afterwards.
    public mutating func close(at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        // RFC 3550 §6.3.7: who never sent anything says no goodbye.
        if media.hasSent { sendGoodbye() }
        finish(.local, at: now)
    }

    /// Ends the session on our side and tells the program; nothing follows.
    mutating func finish(_ reason: CloseReason, at now: Instant) {
        guard !isClosed else { return }
        closeTransports(at: now)
        negotiator.close()
        agent.close(at: now)
        while agent.popOutput() != nil {}
        published.connection = .closed
        published.ice = .closed
        outputs.append(.event(.signalingStateChanged(.closed)))
        outputs.append(.event(.iceConnectionStateChanged(.closed)))
        outputs.append(.event(.connectionStateChanged(.closed)))
        outputs.append(.event(.closed(reason)))
    }
}
