import CLinux
import Synchronization

/// Several event loops that share the connections of a program.
///
/// ```swift
/// let loop = try EventLoopGroup.shared.next()
/// ```
public final class EventLoopGroup: Sendable {
    /// The loops, at least one.
    public let loops: [EventLoop]
    private let turn = Atomic<Int>(0)

    /// Starts `count` loops.
    public init(count: Int) throws(SystemError) {
        precondition(count > 0, "a group has at least one loop")
        var loops: [EventLoop] = []
        do {
            for index in 0..<count { loops.append(try EventLoop(name: "loop-\(index)")) }
        } catch {
            for loop in loops { loop.stopAndJoin() }
            throw error
        }
        self.loops = loops
    }

    /// The loop that the next connection shall live on: each in turn, for ``runLength`` connections.
    ///
    /// Connections that are made together often work together, and waking another thread costs more
    /// than the packet it is woken for.
    public func next() -> EventLoop {
        let (number, _) = turn.add(1, ordering: .relaxed)
        let run = UInt(bitPattern: number) / UInt(EventLoopGroup.runLength)
        return loops[Int(run % UInt(loops.count))]
    }

    /// How many connections in a row share a loop.
    public static let runLength = 8

    /// Stops all loops.
    ///
    /// The shared group is not meant to be stopped.
    public func stop() async {
        for loop in loops { await loop.stop() }
    }

    /// The group of this process: a loop for each processor, at most eight, started at first use.
    public static var shared: EventLoopGroup {
        get throws(SystemError) { try started.get() }
    }

    private static let started: Result<EventLoopGroup, SystemError> = {
        do throws(SystemError) {
            let processors = Int(swiftlet_processor_count())
            return .success(try EventLoopGroup(count: min(max(1, processors), maximumShared)))
        } catch {
            return .failure(error)
        }
    }()
}

private let maximumShared = 8
