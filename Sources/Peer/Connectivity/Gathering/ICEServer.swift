public import STUN

/// STUN and TURN servers that belong together: W3C's `RTCIceServer`.
///
/// ```swift
/// let server = try ICEServer(
///     urls: ["turn:turn.example.org", "turns:turn.example.org?transport=tcp"],
///     username: "1700003600:alice",
///     credential: secret
/// )
/// ```
public struct ICEServer: Hashable, Sendable {
    /// The URLs as they were given.
    public let urls: [String]
    /// The URLs as they were understood.
    public let uris: [ICEServerURI]
    /// For TURN.
    public var username: String?
    /// For TURN: the password.
    public var credential: String?

    /// Reads `urls`, and refuses what W3C's constructor refuses.
    public init(
        urls: [String],
        username: String? = nil,
        credential: String? = nil
    ) throws(ICEServerError) {
        guard !urls.isEmpty else { throw .noURL }
        var uris: [ICEServerURI] = []
        for (index, url) in urls.enumerated() {
            do throws(ICEServerURIError) {
                uris.append(try ICEServerURI(url))
            } catch {
                throw .syntax(index: index, error)
            }
            // W3C WebRTC §4.4.1.6, step 11: a relay without both is of no use.
            if uris[index].scheme.isRelay, username == nil || credential == nil {
                throw .missingCredentials(index: index)
            }
        }
        self.urls = urls
        self.uris = uris
        self.username = username
        self.credential = credential
    }

    var credentials: STUNCredentials? {
        guard let username, let credential else { return nil }
        return STUNCredentials(username: username, password: credential)
    }
}

/// Why servers cannot be used, by the names W3C gives its errors.
public enum ICEServerError: Error, Hashable, Sendable {
    /// There is no URL: SyntaxError.
    case noURL
    /// One of the URLs is none: SyntaxError.
    case syntax(index: Int, ICEServerURIError)
    /// A TURN server without user name or credential: InvalidAccessError.
    case missingCredentials(index: Int)

    /// The name of W3C's exception.
    public var name: String {
        switch self {
        case .noURL, .syntax: "SyntaxError"
        case .missingCredentials: "InvalidAccessError"
        }
    }
}

extension ICEServerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noURL: "\(name): an ICE server needs a URL"
        case .syntax(let index, let error): "\(name): URL \(index + 1): \(error)"
        case .missingCredentials(let index):
            "\(name): URL \(index + 1) is of a TURN server, which needs username and credential"
        }
    }
}

/// Why a server gave no candidate: W3C's `RTCPeerConnectionIceErrorEvent`.
public struct ICECandidateError: Hashable, Sendable {
    /// Our address and port that it was tried from; nil if it did not come to that.
    public var local: String?
    /// The server, as it was configured.
    public var url: String
    /// The server's error code (300 to 699), or 701 if it was never reached.
    public var errorCode: Int
    /// The server's own words, or ours.
    public var errorText: String

    init(local: String? = nil, url: String, errorCode: Int = 701, errorText: String) {
        self.local = local
        self.url = url
        self.errorCode = errorCode
        self.errorText = errorText
    }
}

extension ICEServer {
    /// Where those of its URLs lead that are asked for nothing but the address they see (STUN over
    /// UDP): a name or an address, and a port.
    public var bindingServers: [(host: String, port: UInt16)] {
        uris.filter { !$0.scheme.isRelay && !$0.scheme.isSecure && $0.transport == .udp }.map {
            switch $0.host {
            case .address(let address): ("\(address)", $0.port)
            case .name(let name): (name, $0.port)
            }
        }
    }
}
