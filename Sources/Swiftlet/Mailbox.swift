import LinuxIO
import Peer

/// Where other threads leave encoded frames for a connection: one short lock, at most one wake-up.
final class Mailbox: Sendable {
    /// One encoded frame on its way out.
    struct Letter: Sendable {
        var id: TransceiverID
        var payload: [UInt8]
        var frame: EncodedAudio
    }

    private struct State: Sendable {
        var letters: [Letter] = []
        var client: LoopClientID?
        var isOpen = true
    }

    private let loop: EventLoop
    private let state = Guarded(State())

    init(loop: EventLoop) { self.loop = loop }

    /// From now on posting wakes `client`.
    func open(for client: LoopClientID) { state.withLock { $0.client = client } }

    /// Nothing is taken any more.
    func close() {
        state.withLock {
            $0.isOpen = false
            $0.letters = []
            $0.client = nil
        }
    }

    /// Leaves `letter`; if too many wait, the oldest goes: late audio is worthless.
    func post(_ letter: Letter) {
        let client = state.withLock { state -> LoopClientID? in
            guard state.isOpen else { return nil }
            if state.letters.count >= maximumLetters { state.letters.removeFirst() }
            state.letters.append(letter)
            return state.letters.count == 1 ? state.client : nil
        }
        if let client { loop.signal(client) }
    }

    /// Takes everything that waits, leaving `spare` to be filled next.
    func collect(into spare: inout [Letter]) {
        state.withLock { swap(&$0.letters, &spare) }
    }
}

/// A second of audio in packets of 20 ms, for several tracks.
private let maximumLetters = 200
