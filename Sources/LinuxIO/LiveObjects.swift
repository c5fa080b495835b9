import Synchronization

/// How many objects of one kind are alive, for tests that look for what was left behind.
package final class LiveObjects: Sendable {
    private let counter = Atomic<Int>(0)

    package init() {}

    /// Those whose `deinit` has not run.
    package var count: Int { counter.load(ordering: .relaxed) }

    package func noteInit() { counter.add(1, ordering: .relaxed) }

    package func noteDeinit() { counter.subtract(1, ordering: .relaxed) }
}
