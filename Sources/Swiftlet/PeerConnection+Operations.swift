import LinuxIO
import Peer
import Wire

// The operations chain (W3C WebRTC §4.4.1.2).
extension PeerConnection {
    /// Runs `operation` behind all that were asked for before it, with nothing in between.
    func chained<Success: Sendable>(
        _ operation:
            @Sendable (isolated PeerConnection) async throws(PeerConnectionError) -> Success
    ) async throws(PeerConnectionError) -> Success {
        if !chain.begin() {
            await withCheckedContinuation { chain.wait($0) }
        }
        defer { endOperation() }
        // W3C: what was asked for before close() does not happen after it.
        guard !session.isClosed else { throw .session(.invalidState(.closed)) }
        return try await operation(self)
    }

    private func endOperation() {
        guard !chain.end(), chain.owesNegotiationNeeded else { return }
        chain.owesNegotiationNeeded = false
        if session.isNegotiationNeeded { publishNegotiationNeeded() }
    }

    /// One input of the session, with its error in ours.
    func ask<Success>(
        _ input: (inout PeerSession, Instant) throws(PeerError) -> Success
    ) throws(PeerConnectionError) -> Success {
        activate()
        do throws(PeerError) {
            return try drive(input)
        } catch {
            throw .session(error)
        }
    }
}
