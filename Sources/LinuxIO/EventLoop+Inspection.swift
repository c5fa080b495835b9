/// What tests ask a loop.
package struct EventLoopInspection: Sendable {
    /// How many turns the loop has taken: an idle loop takes none.
    package var turns: Int
    package var clients: Int
    package var deadlines: Int
    package var sources: Int
}

extension EventLoop {
    /// What the loop holds.
    ///
    /// On the loop only.
    package func inspect() -> EventLoopInspection {
        let core = confined
        return EventLoopInspection(
            turns: core.turns,
            clients: core.clientCount,
            deadlines: core.deadlineCount,
            sources: core.sourceCount
        )
    }
}

extension UDPSocket {
    /// The descriptor, for tests that change what the kernel does.
    package var systemDescriptor: CInt? {
        loop.checkIsolated()
        return unsafe state.descriptor?.number
    }
}
