import STUN
import Wire

/// Who may use a TURN server, or who asks one.
struct TURNUser: Hashable, Sendable {
    var name: String
    var password: String
}

/// Options of `swiftlet turn`.
struct TURNOptions: Hashable, Sendable {
    var host = "127.0.0.1"
    var port: UInt16 = 3_478
    var tlsPort: UInt16 = 5_349
    var realm = "swiftlet"
    var user: TURNUser?
    var restSecret: String?
    /// Where relays are opened, and what that address is outside.
    var relay: IPAddress?
    var external: IPAddress?
    var ports: ClosedRange<UInt16> = 49_152...65_535
    var allowsPrivate = false
    var allowsLoopback = false
    /// Allocations of one user.
    var quota: Int?
    /// Kilobits a second of one allocation.
    var bandwidth: Int?
    var certificate: String?
    var key: String?
    var style = OutputStyle.text
}

/// Options of `swiftlet turn --probe`.
struct ProbeOptions: Hashable, Sendable {
    var server: ICEServerURI
    var user: TURNUser?
    var restSecret: String?
    /// The file of the certificates that a `turns:` server may be known by.
    var trust: String?
    /// How long packets are sent, one a second in each direction.
    var seconds = 0
    var style = OutputStyle.text

    init(server: ICEServerURI) { self.server = server }
}

extension Invocation {
    /// `swiftlet turn`: a server, or with `--probe` a look at one.
    init(turn given: GivenOptions) throws(ArgumentError) {
        if given["--probe"] == nil {
            self = .turn(try TURNOptions(given))
        } else {
            self = .probe(try ProbeOptions(given))
        }
    }
}

extension TURNOptions {
    fileprivate init(_ given: GivenOptions) throws(ArgumentError) {
        for name in ["--trust", "--seconds"] where given[name] != nil {
            throw .required("--probe", .turn)
        }
        if let host = given["--host"] { self.host = host }
        if let realm = given["--realm"] { self.realm = realm }
        if let port = try given.number("--port", in: 0...65_535) { self.port = UInt16(port) }
        if let port = try given.number("--tls-port", in: 0...65_535) { tlsPort = UInt16(port) }
        user = try given.user("--user")
        restSecret = given["--rest-secret"]
        guard user != nil || restSecret != nil else { throw .required("--user", .turn) }
        relay = try given.address("--relay-ip")
        external = try given.address("--external-ip")
        let lowest = try given.number("--min-port", in: 1...65_535) ?? Int(ports.lowerBound)
        let highest = try given.number("--max-port", in: 1...65_535) ?? Int(ports.upperBound)
        guard lowest <= highest else { throw .invalidPortRange(lowest, highest) }
        ports = UInt16(lowest)...UInt16(highest)
        allowsPrivate = given["--allow-private"] != nil
        allowsLoopback = given["--allow-loopback"] != nil
        quota = try given.number("--user-quota", in: 1...1_000_000)
        bandwidth = try given.number("--bandwidth", in: 1...10_000_000)
        certificate = given["--certificate"]
        key = given["--key"]
        if certificate != nil, key == nil { throw .required("--key", .turn) }
        if certificate == nil, key != nil { throw .required("--certificate", .turn) }
        style = given.style
    }
}

extension ProbeOptions {
    fileprivate init(_ given: GivenOptions) throws(ArgumentError) {
        let text = given["--probe"] ?? ""
        do throws(ICEServerURIError) {
            server = try ICEServerURI(text)
        } catch {
            throw .invalidServerURI("--probe", text, error)
        }
        let serverOnly = Command.turn.options.map(\.name)
            .filter {
                !["--probe", "--user", "--rest-secret", "--trust", "--seconds", "--json"].contains(
                    $0
                )
            }
        for name in serverOnly where given[name] != nil { throw .together("--probe", name) }
        user = try given.user("--user")
        restSecret = given["--rest-secret"]
        if server.scheme.isRelay, user == nil, restSecret == nil {
            throw .required("--user", .turn)
        }
        if user != nil, restSecret != nil { throw .together("--user", "--rest-secret") }
        trust = given["--trust"]
        seconds = try given.number("--seconds", in: 0...86_400) ?? 0
        style = given.style
    }
}

extension GivenOptions {
    /// `--user name:password`.
    func user(_ option: String) throws(ArgumentError) -> TURNUser? {
        guard let text = self[option] else { return nil }
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
            throw .invalidUser(option, text)
        }
        let password = String(text[text.index(after: colon)...])
        let user = TURNUser(name: String(text[..<colon]), password: password)
        let credentials = STUNCredentials(username: user.name, password: password)
        guard !password.isEmpty, (try? credentials.prepared()) != nil else {
            throw .invalidUser(option, text)
        }
        return user
    }

    fileprivate func address(_ name: String) throws(ArgumentError) -> IPAddress? {
        guard let text = self[name] else { return nil }
        guard let address = IPAddress(text), !address.isUnspecified else {
            throw .invalidAddress(name, text)
        }
        return address
    }

    fileprivate func number(
        _ name: String,
        in range: ClosedRange<Int>
    ) throws(ArgumentError) -> Int? {
        guard let text = self[name] else { return nil }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text),
            range.contains(number)
        else { throw .invalidNumber(name, text, range) }
        return number
    }
}
