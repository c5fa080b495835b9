import LinuxIO
import Wire

/// Tells the connections of one loop when addresses of this machine come and go.
///
/// One watcher serves them all; it is closed with the last of them.
final class InterfaceNews: InterfaceWatcherOwner, Sendable {
    private struct Reader {
        weak var connection: PeerConnection?
    }

    /// Touched on the loop only.
    private nonisolated(unsafe) var readers: [Reader] = []
    private nonisolated(unsafe) var watcher: InterfaceWatcher?

    private struct Issue {
        weak var news: InterfaceNews?
    }

    private static let issues = Guarded<[ObjectIdentifier: Issue]>([:])

    private init() {}

    /// Subscribes `connection` to the news of its loop; keep what is returned for as long.
    ///
    /// On the loop only. Nil where the system tells nothing.
    static func subscribe(_ connection: PeerConnection) -> InterfaceNews? {
        let loop = connection.loop
        loop.checkIsolated()
        let news = issues.withLock { issues -> InterfaceNews in
            if let known = issues[ObjectIdentifier(loop)]?.news { return known }
            let fresh = InterfaceNews()
            issues[ObjectIdentifier(loop)] = Issue(news: fresh)
            return fresh
        }
        if unsafe news.watcher == nil {
            unsafe news.watcher = try? InterfaceWatcher.start(on: loop, owner: news)
        }
        unsafe news.readers.removeAll { $0.connection == nil }
        unsafe news.readers.append(Reader(connection: connection))
        return unsafe news.watcher == nil ? nil : news
    }

    nonisolated func interfacesChanged(_ change: InterfaceChange, by watcher: InterfaceWatcher) {
        // Those who close themselves meanwhile are in the copy all the same.
        for reader in unsafe readers {
            guard let connection = reader.connection else { continue }
            connection.assumeIsolated { $0.interfacesChanged(change) }
        }
    }
}
