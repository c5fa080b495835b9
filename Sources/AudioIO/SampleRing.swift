import Synchronization

/// Samples on their way from one thread to another.
///
/// A full ring forgets the oldest samples, an empty one gives silence; both are counted. Its lock is
/// held only while samples are copied.
///
/// ```swift
/// let ring = SampleRing(capacity: 9_600)
/// ring.write(samples.span)           // one thread
/// let count = ring.read(into: &out)  // another
/// ```
public final class SampleRing: Sendable {
    /// The most samples it holds.
    public let capacity: Int
    private let state: Mutex<State>

    private struct State {
        var samples: [Int16]
        var head = 0
        var count = 0
        var dropped = 0
        var missing = 0
    }

    public init(capacity: Int) {
        self.capacity = max(1, capacity)
        state = Mutex(State(samples: [Int16](repeating: 0, count: max(1, capacity))))
    }

    /// How many samples wait.
    public var count: Int { state.withLock(\.count) }
    /// Samples forgotten because the ring was full.
    public var droppedSamples: Int { state.withLock(\.dropped) }
    /// Samples asked for when there were none.
    public var missingSamples: Int { state.withLock(\.missing) }

    /// Appends `samples`; the oldest go if they do not fit.
    public func write(_ samples: Span<Int16>) {
        state.withLock { state in
            let kept = min(samples.count, capacity)
            let overflow = max(0, state.count + kept - capacity)
            state.head = (state.head + overflow) % capacity
            state.count -= overflow
            state.dropped += overflow + samples.count - kept
            var tail = (state.head + state.count) % capacity
            for index in samples.count - kept..<samples.count {
                state.samples[tail] = samples[index]
                tail = tail + 1 == capacity ? 0 : tail + 1
            }
            state.count += kept
        }
    }

    /// Fills all of `samples`, with silence where there is nothing, and returns how many were there.
    @discardableResult
    public func read(into samples: inout MutableSpan<Int16>) -> Int {
        let wanted = samples.count
        let part = take(wanted)
        for index in part.indices { samples[index] = part[index] }
        for index in part.count..<wanted { samples[index] = 0 }
        return part.count
    }

    /// Removes and returns at most `wanted` samples.
    public func take(_ wanted: Int) -> [Int16] {
        state.withLock { state in
            let count = min(max(0, wanted), state.count)
            let firstPart = min(count, capacity - state.head)
            var part = [Int16](state.samples[state.head..<state.head + firstPart])
            part += state.samples[0..<count - firstPart]
            state.head = (state.head + count) % capacity
            state.count -= count
            state.missing += max(0, wanted - count)
            return part
        }
    }
}
