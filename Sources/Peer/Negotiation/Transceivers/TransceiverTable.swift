/// All transceivers in the order they were made, found by number.
struct TransceiverTable: Sendable {
    private(set) var list: [Transceiver] = []
    private var places: [TransceiverID: Int] = [:]
    private var nextID = 0

    var indices: Range<Int> { list.indices }

    subscript(index: Int) -> Transceiver {
        get { list[index] }
        _modify { yield &list[index] }
    }

    func index(of id: TransceiverID) -> Int? { places[id] }

    subscript(id: TransceiverID) -> Transceiver? { places[id].map { list[$0] } }

    mutating func makeID() -> TransceiverID {
        defer { nextID += 1 }
        return TransceiverID(rawValue: nextID)
    }

    mutating func append(_ transceiver: Transceiver) {
        places[transceiver.id] = list.count
        list.append(transceiver)
    }

    /// Lets `change` work on one transceiver, if there is such.
    mutating func change(_ id: TransceiverID, _ change: (inout Transceiver) -> Void) {
        guard let index = places[id] else { return }
        change(&list[index])
    }

    mutating func removeAll(where isGone: (Transceiver) -> Bool) {
        guard list.contains(where: isGone) else { return }
        list.removeAll(where: isGone)
        places = [:]
        for (index, transceiver) in list.enumerated() { places[transceiver.id] = index }
    }
}
