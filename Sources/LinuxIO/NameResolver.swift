import CLinux
public import Wire

/// Why a name could not be resolved.
public enum NameResolutionError: Error, Hashable, Sendable {
    /// No such host, or it has no address.
    case notFound(host: String)
    /// The name server did not answer; asking again may help.
    case temporaryFailure(host: String)
    /// The name server, or the system, refused for good.
    case failed(host: String, reason: String)
    /// The task was cancelled while it waited.
    case cancelled
    /// There was no thread to ask on.
    case system(SystemError)
}

/// Turns host names into addresses, on threads of its own, because the system's way blocks.
public enum NameResolver {
    /// The addresses of `host` with `port`, in the order they should be tried (RFC 6724 §6).
    ///
    /// An address in text form is returned as it is, without a thread.
    public static func resolve(
        _ host: String,
        port: UInt16
    ) async throws(NameResolutionError) -> [SocketAddress] {
        if let address = IPAddress(host) { return [SocketAddress(address, port: port)] }
        let request = Request(host: host, port: port)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { request.start($0) }
        } onCancel: {
            request.finish(.failure(.cancelled))
        }
        return try result.get()
    }
}

private typealias Resolution = Result<[SocketAddress], NameResolutionError>

/// One question.
///
/// Its thread and cancellation race; the first to answer wins.
private final class Request: Sendable {
    private let host: String
    private let port: UInt16
    private let waiter = Guarded(Waiter.none)

    private enum Waiter: Sendable {
        case none
        case waiting(CheckedContinuation<Resolution, Never>)
        case answered(Resolution)
        case done
    }

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    func start(_ continuation: CheckedContinuation<Resolution, Never>) {
        let early = waiter.withLock { waiter -> Resolution? in
            switch waiter {
            case .answered(let resolution):
                waiter = .done
                return resolution
            case .none, .waiting, .done:
                waiter = .waiting(continuation)
                return nil
            }
        }
        if let early { return continuation.resume(returning: early) }
        do throws(SystemError) {
            try startThread(named: "resolver") { [self] in finish(ask()) }
        } catch {
            finish(.failure(.system(error)))
        }
    }

    func finish(_ resolution: Resolution) {
        let continuation = waiter.withLock { waiter -> CheckedContinuation<Resolution, Never>? in
            switch waiter {
            case .waiting(let continuation):
                waiter = .done
                return continuation
            case .none:
                waiter = .answered(resolution)
                return nil
            case .answered, .done: return nil
            }
        }
        continuation?.resume(returning: resolution)
    }

    private func ask() -> Resolution {
        var addresses = [swiftlet_address](repeating: swiftlet_address(), count: maximumAddresses)
        // The call writes at most as many addresses as there is room for, and keeps no pointer.
        let result = unsafe swiftlet_resolve(host, port, &addresses, CInt(maximumAddresses))
        switch result {
        case 1...: return .success(addresses.prefix(Int(result)).map { SocketAddress($0) })
        case 0, resolverNoName, resolverNoData: return .failure(.notFound(host: host))
        case resolverAgain: return .failure(.temporaryFailure(host: host))
        case ..<(-1_000):
            return .failure(.system(SystemError(code: -result - 1_000, operation: "getaddrinfo")))
        default:
            // The C library returns a constant string.
            let text = unsafe swiftlet_resolver_error_text(result).map {
                unsafe String(cString: $0)
            }
            return .failure(.failed(host: host, reason: text ?? "code \(result)"))
        }
    }
}

private let maximumAddresses = 32
/// EAI_NONAME, EAI_NODATA and EAI_AGAIN of glibc.
private let resolverNoName: CInt = -2
private let resolverNoData: CInt = -5
private let resolverAgain: CInt = -3
