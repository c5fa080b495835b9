import ICE
import Wire

/// The local candidates of each transport, and whether more will come.
struct Gathering: Sendable {
    /// The candidates of one transport.
    struct Stream: Sendable {
        var candidates: [Candidate] = []
        var isComplete = false
    }

    private(set) var streams: [Int: Stream] = [:]

    var state: ICEGatheringState {
        guard !streams.isEmpty else { return .new }
        return streams.values.allSatisfy(\.isComplete) ? .complete : .gathering
    }

    func stream(_ number: Int) -> Stream { streams[number] ?? Stream() }

    mutating func begin(_ number: Int) { streams[number] = Stream() }

    mutating func add(_ candidate: Candidate, to number: Int) {
        streams[number, default: Stream()].candidates.append(candidate)
    }

    mutating func complete(_ number: Int) {
        streams[number, default: Stream()].isComplete = true
    }

    /// The transport whose socket has the address `local`.
    func stream(owning local: SocketAddress) -> Int? {
        streams.first { $0.value.candidates.contains { $0.address == local } }?.key
    }
}
